import { type Engine, identifier, join, type ParquetSource, type Row, type Sql, sql } from "@medallion/engine";

/** The columns that split a day's tasks, and the name of what has no value. */
const DIMENSIONS = { master: "unassigned", status: "unknown", priority: "unknown", type: "unknown" } as const;
const PERCENTS = [50, 95, 99] as const;
const LATEST = "medallion_latest";
/** Bounds of the duration buckets, in microseconds. */
const FAST_BELOW = 30_000_000;
const SLOW_ABOVE = 60_000_000;

/** How tasks ended, of a day or of one master on it. Durations are in microseconds. */
export interface OutcomeRow {
  readonly day: string;
  /** Null for the whole day. */
  readonly master: string | null;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly durations: number;
  readonly sum: bigint;
  readonly min: bigint | null;
  readonly max: bigint | null;
  readonly fast: number;
  readonly slow: number;
}

/** How many of a day's tasks have a value in a column. */
export interface ShareRow {
  readonly day: string;
  readonly dimension: string;
  readonly value: string;
  readonly count: number;
}

/** One of the sorted durations of a day, by its place from 0. */
export interface RankedDuration {
  readonly day: string;
  readonly index: number;
  readonly micros: bigint;
}

/** All that the daily documents are made of: a few rows a day. */
export interface DailyRows {
  readonly outcomes: readonly OutcomeRow[];
  readonly shares: readonly ShareRow[];
  readonly durations: readonly RankedDuration[];
}

/** Computes the rows of several days' documents from silver. A task counts in its latest state of the day. */
export async function dailyRows(engine: Engine, sources: readonly ParquetSource[]): Promise<DailyRows> {
  if (sources.length === 0) return { outcomes: [], shares: [], durations: [] };
  await engine.materialize(LATEST, latestQuery(engine, sources));
  const outcomes = await engine.rows(sql`${outcomeQuery(engine, null)} UNION ALL ${outcomeQuery(engine, "master")}`);
  const split = ["status", "priority", "type"].map((name) => {
    const column = identifier(name);
    return sql`SELECT day, ${name} AS dimension, ${column} AS "value", count(*) AS n FROM ${engine.table(LATEST)} GROUP BY day, ${column}`;
  });
  const shares = await engine.rows(join(split, sql` UNION ALL `));
  const durations = await engine.rows(durationQuery(engine));
  await engine.forget(LATEST);
  return {
    outcomes: outcomes.map(outcomeOf),
    shares: shares.map((row) => ({
      day: String(row.day),
      dimension: String(row.dimension),
      value: String(row.value),
      count: Number(row.n),
    })),
    durations: durations.map((row) => ({
      day: String(row.day),
      index: Number(row.place),
      micros: BigInt(String(row.micros)),
    })),
  };
}

function latestQuery(engine: Engine, sources: readonly ParquetSource[]): Sql {
  const named = Object.entries(DIMENSIONS).map(
    ([name, missing]) => sql`coalesce(${identifier(name)}, ${missing}) AS ${identifier(name)}`,
  );
  const micros = engine.dialect.microsOfSeconds(identifier("duration_seconds"));
  return sql`SELECT "partition" AS day, ${join(named)}, is_success, is_failure, is_cancelled, ${micros} AS micros FROM (
    SELECT *, row_number() OVER (PARTITION BY "partition", task_id ORDER BY "timestamp" DESC) AS place
    FROM ${engine.parquet(sources)}) AS s WHERE place = 1`;
}

function outcomeQuery(engine: Engine, by: "master" | null): Sql {
  const count = (condition: Sql) => sql`count(CASE WHEN ${condition} THEN 1 END)`;
  return sql`SELECT day, ${by === null ? sql`CAST(NULL AS VARCHAR)` : identifier(by)} AS master, count(*) AS total,
      ${count(sql`is_success`)} AS completed, ${count(sql`is_failure`)} AS failed, ${count(sql`is_cancelled`)} AS cancelled,
      count(micros) AS durations, ${engine.dialect.exactSum(sql`micros`)} AS "sum", min(micros) AS "min", max(micros) AS "max",
      ${count(sql`micros < ${FAST_BELOW}`)} AS fast, ${count(sql`micros > ${SLOW_ABOVE}`)} AS slow
    FROM ${engine.table(LATEST)} GROUP BY day${by === null ? sql`` : sql`, ${identifier(by)}`}`;
}

/** Of each day's sorted durations only those between which a percentile lies. */
function durationQuery(engine: Engine): Sql {
  const wanted = PERCENTS.map((percent) => {
    const low = engine.dialect.integerQuotient(sql`(n - 1) * ${percent}`, sql`100`);
    return sql`place = ${low} OR place = ${low} + 1`;
  });
  return sql`SELECT day, place, micros FROM (
    SELECT day, micros, count(*) OVER (PARTITION BY day) AS n,
      row_number() OVER (PARTITION BY day ORDER BY micros) - 1 AS place
    FROM ${engine.table(LATEST)} WHERE micros IS NOT NULL) AS d WHERE ${join(wanted, sql` OR `)}`;
}

function outcomeOf(row: Row): OutcomeRow {
  const integer = (name: string) => (row[name] === null || row[name] === undefined ? null : BigInt(String(row[name])));
  return {
    day: String(row.day),
    master: row.master === null ? null : String(row.master),
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
