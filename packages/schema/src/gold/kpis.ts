import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { basis, buckets, count, dailyPoint, dayRange, difference, goldInput, group, rate, seconds } from "./parts.ts";

/** `gold/kpis/kpis-YYYYMMDD-to-YYYYMMDD.json`: the tasks of a range of days, each in its latest state of the range. */
export const kpis = z.strictObject({
  date_range: dayRange,
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  rules_version: z.string(),
  basis,
  kpis: z.strictObject({
    days: count,
    total_tasks: count,
    completed_tasks: count,
    failed_tasks: count,
    cancelled_tasks: count,
    /** The completion rate of the range, not a mean of daily rates. */
    avg_completion_rate: rate,
    success_rate: rate,
    /** The mean over the tasks of the range, not of daily means. */
    avg_task_duration: seconds,
    min_duration: seconds,
    max_duration: seconds,
    p50_duration: seconds,
    p95_duration: seconds,
    p99_duration: seconds,
    /** Completed tasks a day, over all days of the range, two decimals. */
    throughput_per_day: z.number().nonnegative(),
    buckets,
  }),
  daily: z.array(dailyPoint),
  by_master: z.array(z.strictObject({ master: z.string(), ...group })),
  /** Against the range of equal length before; null when there is none in the calendar. */
  change: z
    .strictObject({
      date_range: dayRange,
      basis,
      kpis: z.strictObject({
        total_tasks: difference,
        completed_tasks: difference,
        failed_tasks: difference,
        cancelled_tasks: difference,
        avg_completion_rate: difference,
        success_rate: difference,
        avg_task_duration: difference,
        min_duration: difference,
        max_duration: difference,
        p50_duration: difference,
        p95_duration: difference,
        p99_duration: difference,
        throughput_per_day: difference,
      }),
    })
    .nullable(),
  inputs: z.array(goldInput),
});

/** The KPIs of a range, as the document says them. */
export type Kpis = z.infer<typeof kpis>;
