import { z } from "zod";

/** A whole number from 0. */
export const count = z.number().int().nonnegative();
/** Percent with one decimal; null when the denominator is 0. */
export const rate = z.number().min(0).max(100).nullable();
/** Seconds with three decimals; null when there is none. */
export const seconds = z.number().nonnegative().nullable();
/** A calendar date in the lake's time zone, YYYYMMDD. */
export const day = z.string().regex(/^[0-9]{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$/);

const outcome = { total: count, completed: count, failed: count, cancelled: count };
/** How the tasks of a group ended. */
export const group = { ...outcome, completion_rate: rate, success_rate: rate, avg_duration_seconds: seconds };
const share = { count, percentage: z.number().min(0).max(100) };

/** Something that a document was computed from. */
export const goldInput = z.strictObject({ file: z.string().min(1), rows: count });

/** Days from `start` to `end`, both included. */
export const dayRange = z.strictObject({ start: day, end: day });

/** Durations: fast < 30 s, normal 30 to 60 s inclusive, slow > 60 s. */
export const buckets = z.strictObject({ fast: count, normal: count, slow: count });

/** All tasks of a document, as the daily and the weekly one say them. */
export const summary = z.strictObject({
  total_tasks: count,
  completed_tasks: count,
  failed_tasks: count,
  cancelled_tasks: count,
  completion_rate: rate,
  success_rate: rate,
  avg_duration_seconds: seconds,
  min_duration_seconds: seconds,
  max_duration_seconds: seconds,
});

/** The tasks of a document split by master, status, priority and type, and their durations. */
export const splits = {
  by_master: z.array(z.strictObject({ master: z.string(), ...group })),
  by_status: z.array(z.strictObject({ status: z.string(), ...share })),
  by_priority: z.array(z.strictObject({ priority: z.string(), ...share })),
  by_type: z.array(z.strictObject({ type: z.string(), ...share })),
  performance: z.strictObject({
    p50_duration: seconds,
    p95_duration: seconds,
    p99_duration: seconds,
    buckets,
  }),
};

/** Where the records of the day or days went, from the commit log. */
export const qualityCounts = z.strictObject({
  read: count,
  accepted: count,
  duplicates: count,
  quarantined: count,
  superseded: count,
  rows: count,
  rejects: z.record(z.string(), count),
  warnings: z.record(z.string(), count),
});

/** One day of a series, its tasks each in its latest state of that day. */
export const dailyPoint = z.strictObject({ date: day, ...group });

/** How much of a range was computed from rows, and how much from the roll-ups of days whose silver is retired. */
export const basis = z.strictObject({
  rows: z.array(dayRange),
  rolled_up: z.array(dayRange),
  /** Of minimum, maximum and percentiles; everything else is exact. */
  percentiles: z.enum(["exact", "sketch (relative error 0.5 %)"]),
});

/** A number beside the one of the range before; null where one of them is null, or a percentage of 0 is asked for. */
export const difference = z.strictObject({
  before: z.number().nullable(),
  absolute: z.number().nullable(),
  percent: z.number().nullable(),
});
