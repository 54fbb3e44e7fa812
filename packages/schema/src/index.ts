export {
  type ColumnType,
  columnType,
  type FieldCheck,
  type MemberCheck,
  type NumberBound,
} from "./contract/check.ts";
export { type Computed, equals, present, secondsBetween } from "./contract/computed.ts";
export {
  BRONZE_FIELDS,
  type Dataset,
  type DatasetField,
  type DatasetOptions,
  defineDataset,
  type RecordOf,
  rulesVersion,
  SILVER_FIELDS,
} from "./contract/dataset.ts";
export { describe } from "./contract/describe.ts";
export { type JsonObject, resolveRecord } from "./contract/resolve.ts";
export {
  expectedRule,
  negativeRule,
  RECORD_RULES,
  type Rule,
  requiredRule,
  type Severity,
  validRule,
} from "./contract/rules.ts";
export { checkRecord, type Verdict, type Violation } from "./contract/verdict.ts";
export { TASK_STATUSES, type Task, tasks } from "./datasets/tasks.ts";
export { SchemaError, type SchemaErrorCode } from "./errors.ts";
export { type DailyAnalytics, dailyAnalytics, goldInput } from "./gold/daily.ts";
export { ISO_INSTANT_PATTERN, isIsoInstant, isoInstant } from "./instant.ts";
export { type JsonSchema, recordJsonSchema, toJsonSchema } from "./json-schema.ts";
