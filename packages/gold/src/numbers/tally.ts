import { type Engine, identifier, join, type Row, type Sql, sql } from "@medallion/engine";
import { meanSeconds, percentage } from "../exact.ts";

/** Bounds of the duration buckets, in microseconds. */
export const FAST_BELOW = 30_000_000;
export const SLOW_ABOVE = 60_000_000;

/** How a group of tasks ended. Durations are in microseconds. */
export interface Tally {
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** How many tasks have a duration. */
  readonly durations: number;
  readonly sum: bigint;
  readonly min: bigint | null;
  readonly max: bigint | null;
  readonly fast: number;
  readonly slow: number;
}

/** The tally of no tasks. */
export const NO_TASKS: Tally = {
  total: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  durations: 0,
  sum: 0n,
  min: null,
  max: null,
  fast: 0,
  slow: 0,
};

/** The columns of a tally, over rows with `is_success`, `is_failure`, `is_cancelled` and `micros`. */
export function tallyColumns(engine: Engine): Sql {
  return tallyColumnsWith(engine.dialect.exactSum(sql`micros`));
}

function tallyColumnsWith(sum: Sql): Sql {
  const count = (condition: Sql) => sql`count(CASE WHEN ${condition} THEN 1 END)`;
  return sql`count(*) AS total, ${count(sql`is_success`)} AS completed, ${count(sql`is_failure`)} AS failed,
    ${count(sql`is_cancelled`)} AS cancelled, count(micros) AS durations,
    ${sum} AS ${identifier("sum")}, min(micros) AS ${identifier("min")},
    max(micros) AS ${identifier("max")}, ${count(sql`micros < ${FAST_BELOW}`)} AS fast,
    ${count(sql`micros > ${SLOW_ABOVE}`)} AS slow`;
}

/** The columns of a tally as `tallyColumns` counts them, but to be added up by `tallySums`. */
export function partialTallyColumns(): Sql {
  return tallyColumnsWith(sql`sum(CAST(micros AS DECIMAL(18, 0)))`);
}

/** The columns of a tally, over rows with the columns of `partialTallyColumns`. */
export function tallySums(engine: Engine): Sql {
  const sum = identifier("sum");
  const counts = ["total", "completed", "failed", "cancelled", "durations", "fast", "slow"].map((name) => {
    const column = identifier(name);
    return sql`sum(${column}) AS ${column}`;
  });
  const [min, max] = [identifier("min"), identifier("max")];
  return sql`${join(counts)}, ${engine.dialect.exactSum(sum)} AS ${sum}, min(${min}) AS ${min}, max(${max}) AS ${max}`;
}

/** Reads the columns of `tallyColumns`. */
export function tallyOf(row: Row): Tally {
  const integer = (name: string) => (row[name] === null || row[name] === undefined ? null : BigInt(String(row[name])));
  return {
    total: Number(row.total),
    completed: Number(row.completed),
    failed: Number(row.failed),
    cancelled: Number(row.cancelled),
    durations: Number(row.durations),
    sum: integer("sum") ?? 0n,
    min: integer("min"),
    max: integer("max"),
    fast: Number(row.fast),
    slow: Number(row.slow),
  };
}

/** The tally of two groups without a common task; with `sign` -1, of the first without the second, which is part of it. */
export function addTally(a: Tally, b: Tally, sign: 1 | -1 = 1): Tally {
  return {
    total: a.total + sign * b.total,
    completed: a.completed + sign * b.completed,
    failed: a.failed + sign * b.failed,
    cancelled: a.cancelled + sign * b.cancelled,
    durations: a.durations + sign * b.durations,
    sum: a.sum + BigInt(sign) * b.sum,
    min: least(a.min, b.min),
    max: greatest(a.max, b.max),
    fast: a.fast + sign * b.fast,
    slow: a.slow + sign * b.slow,
  };
}

function least(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

function greatest(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

/** The rates and the mean duration of a tally, as documents say them. */
export function ratesOf(tally: Tally) {
  return {
    completion_rate: percentage(tally.completed, tally.total),
    success_rate: percentage(tally.completed, tally.total - tally.cancelled),
    avg_duration_seconds: meanSeconds(tally.sum, tally.durations),
  };
}

/** A tally as one item of `by_master` or of a daily series. */
export function groupOf(tally: Tally) {
  const { total, completed, failed, cancelled } = tally;
  return { total, completed, failed, cancelled, ...ratesOf(tally) };
}

/** The bucket of a duration in microseconds. */
export function bucketOfMicros(micros: bigint): "fast" | "normal" | "slow" {
  if (micros < BigInt(FAST_BELOW)) return "fast";
  return micros > BigInt(SLOW_ABOVE) ? "slow" : "normal";
}

/** A tally's buckets, as documents say them. */
export function bucketsOf(tally: Tally) {
  return { fast: tally.fast, normal: tally.durations - tally.fast - tally.slow, slow: tally.slow };
}
