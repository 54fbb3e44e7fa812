import { z } from "zod";
import { isoInstant } from "../instant.ts";

const count = z.number().int().nonnegative();
/** Percent with one decimal; null when the denominator is 0. */
const rate = z.number().min(0).max(100).nullable();
/** Seconds with three decimals; null when there is none. */
const seconds = z.number().nonnegative().nullable();

const outcome = { total: count, completed: count, failed: count, cancelled: count };
const group = { ...outcome, completion_rate: rate, success_rate: rate, avg_duration_seconds: seconds };
const share = { count, percentage: z.number().min(0).max(100) };

/** Something that a document was computed from. */
export const goldInput = z.strictObject({ file: z.string().min(1), rows: count });

/** `gold/analytics/daily-YYYYMMDD.json`: a day's tasks, each in its latest state of the day. */
export const dailyAnalytics = z.strictObject({
  date: z.string().regex(/^[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$/),
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  rules_version: z.string(),
  summary: z.strictObject({
    total_tasks: count,
    completed_tasks: count,
    failed_tasks: count,
    cancelled_tasks: count,
    completion_rate: rate,
    success_rate: rate,
    avg_duration_seconds: seconds,
    min_duration_seconds: seconds,
    max_duration_seconds: seconds,
  }),
  by_master: z.array(z.strictObject({ master: z.string(), ...group })),
  by_status: z.array(z.strictObject({ status: z.string(), ...share })),
  by_priority: z.array(z.strictObject({ priority: z.string(), ...share })),
  by_type: z.array(z.strictObject({ type: z.string(), ...share })),
  performance: z.strictObject({
    p50_duration: seconds,
    p95_duration: seconds,
    p99_duration: seconds,
    buckets: z.strictObject({ fast: count, normal: count, slow: count }),
  }),
  quality: z.strictObject({
    read: count,
    accepted: count,
    duplicates: count,
    quarantined: count,
    superseded: count,
    rows: count,
    rejects: z.record(z.string(), count),
    warnings: z.record(z.string(), count),
  }),
  inputs: z.array(goldInput),
});

/** A day's analytics, as the document says it. */
export type DailyAnalytics = z.infer<typeof dailyAnalytics>;
