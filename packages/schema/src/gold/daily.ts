import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { day, goldInput, qualityCounts, splits, summary } from "./parts.ts";
import { dayRollup } from "./rollup.ts";

/** `gold/analytics/daily-YYYYMMDD.json`: a day's tasks, each in its latest state of the day. */
export const dailyAnalytics = z.strictObject({
  date: day,
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  rules_version: z.string(),
  summary,
  ...splits,
  quality: qualityCounts,
  inputs: z.array(goldInput),
  /** There once the silver of the day is retired. */
  rollup: dayRollup.optional(),
});

/** A day's analytics, as the document says it. */
export type DailyAnalytics = z.infer<typeof dailyAnalytics>;
