export type { JsonObject } from "./contract/absent.ts";
export {
  type ColumnType,
  columnType,
  type FieldCheck,
  type MemberCheck,
  type NumberBound,
  readsNumericText,
} from "./contract/check.ts";
export { type Computed, equals, expression, present, recordDigest, secondsBetween } from "./contract/computed.ts";
export {
  type Dataset,
  type DatasetOptions,
  type DatasetPart,
  defineDataset,
  type RecordOf,
  rulesVersion,
  withSeverities,
} from "./contract/dataset.ts";
export { describe, describeMissing, describeSource } from "./contract/describe.ts";
export { fieldTypes } from "./contract/expressions.ts";
export type { DatasetField } from "./contract/field.ts";
export { BRONZE_FIELDS, GIVEN_PART, SILVER_FIELDS } from "./contract/layer-fields.ts";
export { type RecordRule, rule } from "./contract/record-rule.ts";
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
export { BUILT_IN_DATASETS } from "./datasets/built-in.ts";
export { type AgentEvent, events } from "./datasets/events.ts";
export { type LineageEvent, lineage } from "./datasets/lineage.ts";
export { type Measurement, metrics } from "./datasets/metrics.ts";
export type { DatasetStream } from "./datasets/streams.ts";
export { TASK_STATUSES, type Task, tasks } from "./datasets/tasks.ts";
export { SchemaError, type SchemaErrorCode } from "./errors.ts";
export {
  type Compatibility,
  diffJsonSchemas,
  type SchemaChange,
  type SchemaDiff,
} from "./evolution/compatibility.ts";
export { type Drift, describeDrift, driftOf, isSameDrift } from "./evolution/drift.ts";
export {
  addProfiles,
  byBytes,
  type FieldProfile,
  fieldProfile,
  MOST_UNKNOWN_FIELDS,
  NO_PROFILE,
  type Profile,
  type ProfiledField,
  presentIn,
  profiled,
  valuesIn,
} from "./evolution/field-profile.ts";
export { JSON_KINDS, type JsonKind } from "./evolution/json-kind.ts";
export { observedJsonSchema } from "./evolution/observed-schema.ts";
export { type Proposal, proposeRecord } from "./evolution/propose.ts";
export { breaksCondition, evaluate } from "./expression/evaluate.ts";
export {
  type ArithmeticOperator,
  type CaseBranch,
  type Comparison,
  type Expression,
  type ExpressionType,
  expressionFields,
  expressionType,
  type FunctionName,
  type Literal,
  mayOverflow,
} from "./expression/expression.ts";
export { instantMicros } from "./expression/instant-micros.ts";
export { type LikePart, likeParts } from "./expression/like.ts";
export { parseCondition, parseExpression } from "./expression/parse.ts";
export { printExpression } from "./expression/print.ts";
export type { ExpressionValue } from "./expression/value.ts";
export { type AggregatedMetrics, aggregatedMetrics } from "./gold/aggregated-metrics.ts";
export { type DailyAnalytics, dailyAnalytics } from "./gold/daily.ts";
export { type DocumentSchema, goldDocuments } from "./gold/documents.ts";
export { type Kpis, kpis } from "./gold/kpis.ts";
export { goldInput } from "./gold/parts.ts";
export {
  type DataQuality,
  dataQuality,
  type QualityFinding,
  type QualityFreshness,
  type WeekdayScore,
} from "./gold/quality.ts";
export {
  type MasterReport,
  masterReport,
  type ReportFailure,
  type ReportTask,
  reportFailure,
  reportTask,
} from "./gold/report.ts";
export {
  type DayRollup,
  dayRollup,
  type RollupContribution,
  rollupContribution,
} from "./gold/rollup.ts";
export { type WeeklyAnalytics, weeklyAnalytics } from "./gold/weekly.ts";
export { isoInstant } from "./instant.ts";
export { ISO_INSTANT_PATTERN, isIsoInstant } from "./instant-text.ts";
export { type JsonSchema, recordJsonSchema, toJsonSchema } from "./json-schema.ts";
export { isNumericText, NUMERIC_TEXT_PATTERN, numeric, numericText } from "./numeric.ts";
