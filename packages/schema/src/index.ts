export { type Computed, equals, expression, present, recordDigest, secondsBetween } from "./contract/computed.ts";
export {
  type Dataset,
  type DatasetOptions,
  defineDataset,
  type RecordOf,
  withSeverities,
} from "./contract/dataset.ts";
export type { DatasetPart } from "./contract/part.ts";
export { type RecordRule, rule } from "./contract/record-rule.ts";
export type { Rule, Severity } from "./contract/rules.ts";
export { checkRecord, type Verdict, type Violation } from "./contract/verdict.ts";
export { BUILT_IN_DATASETS } from "./datasets/built-in.ts";
export { type AgentEvent, events } from "./datasets/events.ts";
export { type LineageEvent, lineage } from "./datasets/lineage.ts";
export { type Measurement, metrics } from "./datasets/metrics.ts";
export type { DatasetStream } from "./datasets/streams.ts";
export { TASK_STATUSES, type Task, tasks } from "./datasets/tasks.ts";
export { SchemaError, type SchemaErrorCode } from "./errors.ts";
export { isoInstant } from "./instant.ts";
export { isIsoInstant } from "./instant-text.ts";
export { type JsonSchema, recordJsonSchema, toJsonSchema } from "./json-schema.ts";
export { isNumericText, numeric, numericText } from "./numeric.ts";
