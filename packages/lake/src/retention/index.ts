export { applyRetention, removals, retirements } from "./apply.ts";
export type { SizedFile } from "./files-by-day.ts";
export {
  type DatasetRetention,
  type KeptReason,
  planRetention,
  type RetentionItem,
  type RetentionOptions,
  type RetentionPlan,
} from "./plan.ts";
