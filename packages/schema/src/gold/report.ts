import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { buckets, count, dailyPoint, day, goldInput, rate, seconds } from "./parts.ts";

const instant = isoInstant().nullable();

/** One task of a report, in its latest state of the day. */
export const reportTask = z.strictObject({
  task_id: z.string().min(1),
  status: z.string(),
  /** Null when the task was not created and completed, or completed before it was created. */
  duration_seconds: z.number().nonnegative().nullable(),
  created_at: instant,
  completed_at: instant,
});

/** A failed task of a report; `error` is text, or the JSON text of what is none; null when none was given. */
export const reportFailure = z.strictObject({ task_id: z.string().min(1), error: z.string().nullable() });

/** `gold/reports/<master>-YYYYMMDD.json`: a master's tasks of a day, each in its latest state of the day. */
export const masterReport = z.strictObject({
  master: z.string(),
  date: day,
  layer: z.literal("gold"),
  generated_at: isoInstant(),
  timezone: z.string(),
  rules_version: z.string(),
  metrics: z.strictObject({
    total_tasks: count,
    completed: count,
    failed: count,
    cancelled: count,
    completion_rate: rate,
    success_rate: rate,
    avg_duration: seconds,
    min_duration: seconds,
    max_duration: seconds,
    p50_duration: seconds,
    p95_duration: seconds,
    p99_duration: seconds,
    buckets,
  }),
  /** By task id. */
  task_list: z.array(reportTask),
  failures: z.array(reportFailure),
  slowest: z
    .array(
      z.strictObject({ task_id: z.string().min(1), status: z.string(), duration_seconds: z.number().nonnegative() }),
    )
    .max(10),
  /** The seven days that end with the date. */
  trend: z.array(dailyPoint).min(1).max(7),
  inputs: z.array(goldInput),
});

/** A master's report, as the document says it. */
export type MasterReport = z.infer<typeof masterReport>;
/** One task of a report. */
export type ReportTask = z.infer<typeof reportTask>;
/** A failed task of a report. */
export type ReportFailure = z.infer<typeof reportFailure>;
