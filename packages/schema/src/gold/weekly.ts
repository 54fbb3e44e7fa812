import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { basis, dailyPoint, dayRange, difference, goldInput, qualityCounts, splits, summary } from "./parts.ts";

/** `gold/analytics/weekly-YYYY-Www.json`: the tasks of an ISO week, each in its latest state of the week. */
export const weeklyAnalytics = z.strictObject({
  week: z.string().regex(/^[0-9]{4}-W(?:0[1-9]|[1-4][0-9]|5[0-3])$/),
  date_range: dayRange,
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  rules_version: z.string(),
  basis,
  summary,
  ...splits,
  daily: z.array(dailyPoint).length(7),
  /** Against the week before; null when there is none in the calendar. */
  change: z
    .strictObject({
      date_range: dayRange,
      basis,
      summary: z.strictObject({
        total_tasks: difference,
        completed_tasks: difference,
        failed_tasks: difference,
        cancelled_tasks: difference,
        completion_rate: difference,
        success_rate: difference,
        avg_duration_seconds: difference,
        min_duration_seconds: difference,
        max_duration_seconds: difference,
      }),
    })
    .nullable(),
  quality: qualityCounts,
  inputs: z.array(goldInput),
});

/** A week's analytics, as the document says it. */
export type WeeklyAnalytics = z.infer<typeof weeklyAnalytics>;
