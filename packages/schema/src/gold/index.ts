export { type AggregatedMetrics, aggregatedMetrics } from "./aggregated-metrics.ts";
export { type DailyAnalytics, dailyAnalytics } from "./daily.ts";
export { type DocumentSchema, goldDocuments } from "./documents.ts";
export { type Kpis, kpis } from "./kpis.ts";
export { goldInput } from "./parts.ts";
export {
  type DataQuality,
  dataQuality,
  type QualityFinding,
  type QualityFreshness,
  type WeekdayScore,
} from "./quality.ts";
export {
  type MasterReport,
  masterReport,
  type ReportFailure,
  type ReportTask,
  reportFailure,
  reportTask,
} from "./report.ts";
export { type DayRollup, dayRollup, type RollupContribution, rollupContribution } from "./rollup.ts";
export { type WeeklyAnalytics, weeklyAnalytics } from "./weekly.ts";
