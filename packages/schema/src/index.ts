export type { JsonObject } from "./contract/absent.ts";
export {
  type ColumnType,
  columnType,
  type FieldCheck,
  type MemberCheck,
  type NumberBound,
} from "./contract/check.ts";
export { type Computed, equals, present, secondsBetween } from "./contract/computed.ts";
export {
  type Dataset,
  type DatasetOptions,
  defineDataset,
  type RecordOf,
  rulesVersion,
} from "./contract/dataset.ts";
export { describe } from "./contract/describe.ts";
export type { DatasetField } from "./contract/field.ts";
export { BRONZE_FIELDS, SILVER_FIELDS } from "./contract/layer-fields.ts";
export { resolveRecord } from "./contract/resolve.ts";
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
