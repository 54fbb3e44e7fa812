import type { z } from "zod";
import { aggregatedMetrics } from "./aggregated-metrics.ts";
import { dailyAnalytics } from "./daily.ts";
import { kpis } from "./kpis.ts";
import { dataQuality } from "./quality.ts";
import { masterReport } from "./report.ts";
import { weeklyAnalytics } from "./weekly.ts";

/** A document that the lake publishes, and what it must look like. */
export interface DocumentSchema {
  /** A name for a file: a-z and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly schema: z.ZodType;
}

/** Every document with a published JSON Schema (`toJsonSchema`). */
export const goldDocuments: readonly DocumentSchema[] = [
  { name: "daily-analytics", title: "Daily analytics of tasks", schema: dailyAnalytics },
  { name: "weekly-analytics", title: "Weekly analytics of tasks", schema: weeklyAnalytics },
  { name: "kpis", title: "KPIs of a range of days", schema: kpis },
  { name: "master-report", title: "A master's tasks of a day", schema: masterReport },
  { name: "data-quality", title: "The quality of the data of a day", schema: dataQuality },
  { name: "aggregated-metrics", title: "A master's metrics of a day", schema: aggregatedMetrics },
];
