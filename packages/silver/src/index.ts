export { type StageAggregatesOptions, stageAggregates } from "./aggregate/stage.ts";
export { SilverError, type SilverErrorCode } from "./errors.ts";
export type { Outcome, ReplayedRecord } from "./explain/records.ts";
export { type PreparedReplay, prepareReplay, type ReplayOptions, replayPartition } from "./explain/replay.ts";
export { type PromotionPlan, partitionsOf, pendingRecords, planPromotion } from "./promote/plan.ts";
export { type PromoteOptions, type Promotion, type PromotionStep, promote } from "./promote/promote.ts";
export { type BronzeRange, longestLineBytes, measurePromotion } from "./promote/ranges.ts";
export type { RuleCounts } from "./promote/rule-counts.ts";
export { silverColumns } from "./sql/stage.ts";
