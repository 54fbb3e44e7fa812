import { type Engine, identifier, join, type ParquetSource, type Sql, sql } from "@medallion/engine";
import { SHARE_COLUMNS } from "../numbers/contribution.ts";
import { addTally, NO_TASKS, type Tally, tallyColumns, tallyOf } from "../numbers/tally.ts";
import { silverStates } from "../range/latest.ts";
import { statesOf } from "../states/rows.ts";
import type { DayStates } from "../states/states.ts";

const PERCENTS = [50, 95, 99] as const;
const LATEST = "medallion_latest";
const DAY = identifier("day");

/** How tasks ended, of a day or of one master on it. */
interface OutcomeRow extends Tally {
  readonly day: string;
  /** Null for the whole day. */
  readonly master: string | null;
}

/** How many of a day's tasks have a value in a column. */
interface ShareRow {
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
  /** What is kept of the tasks of days, where it is wanted and can be. */
  readonly states: ReadonlyMap<string, DayStates>;
}

/**
 * Computes the rows of several days' documents from silver. A task counts in its latest state of the day.
 * @param options.states whether the days' states are wanted, which come out of the engine; default: false
 */
export async function dailyRows(
  engine: Engine,
  sources: readonly ParquetSource[],
  options: { readonly states?: boolean } = {},
): Promise<DailyRows> {
  if (sources.length === 0) return { outcomes: [], shares: [], durations: [], states: new Map() };
  await engine.materialize(LATEST, latestQuery(engine, sources));
  const latest = sql`${engine.table(LATEST)} AS t`;
  const master = identifier("master");
  const outcomes = await engine.rows(
    sql`SELECT ${DAY}, ${master}, ${tallyColumns(engine)} FROM ${latest} GROUP BY ${DAY}, ${master}`,
  );
  const split = SHARE_COLUMNS.map((name) => {
    const column = identifier(name);
    return sql`SELECT ${DAY}, ${name} AS dimension, ${column} AS share, count(*) AS n FROM ${latest} GROUP BY ${DAY}, ${column}`;
  });
  const shares = await engine.rows(join(split, sql` UNION ALL `));
  const durations = await engine.rows(durationQuery(engine));
  const states = options.states === true ? await statesOf(engine, engine.table(LATEST)) : new Map<string, DayStates>();
  await engine.forget(LATEST);
  const byMaster = outcomes.map((row) => ({ day: String(row.day), master: String(row.master), ...tallyOf(row) }));
  return {
    outcomes: [...wholeDays(byMaster), ...byMaster],
    shares: shares.map((row) => ({
      day: String(row.day),
      dimension: String(row.dimension),
      value: String(row.share),
      count: Number(row.n),
    })),
    durations: durations.map((row) => ({
      day: String(row.day),
      index: Number(row.place),
      micros: BigInt(String(row.micros)),
    })),
    states,
  };
}

function wholeDays(byMaster: readonly OutcomeRow[]): OutcomeRow[] {
  const days = new Map<string, Tally>();
  for (const { day, master: _, ...tally } of byMaster) days.set(day, addTally(days.get(day) ?? NO_TASKS, tally));
  return [...days].map(([day, tally]) => ({ day, master: null, ...tally }));
}

function latestQuery(engine: Engine, sources: readonly ParquetSource[]): Sql {
  const kept = ["day", "task_id", "master", ...SHARE_COLUMNS, "is_success", "is_failure", "is_cancelled", "micros"];
  return sql`SELECT ${join(kept.map((name) => identifier(name)))} FROM (
    SELECT r.*, row_number() OVER (PARTITION BY ${DAY}, task_id ORDER BY ${identifier("at")} DESC) AS place
    FROM ${silverStates(engine, sources)} AS r) AS s WHERE place = 1`;
}

/** Of each day's sorted durations only those between which a percentile lies. */
function durationQuery(engine: Engine): Sql {
  const wanted = PERCENTS.map((percent) => {
    const low = engine.dialect.integerQuotient(sql`(n - 1) * ${percent}`, sql`100`);
    return sql`place = ${low} OR place = ${low} + 1`;
  });
  return sql`SELECT ${DAY}, place, micros FROM (
    SELECT ${DAY}, micros, count(*) OVER (PARTITION BY ${DAY}) AS n,
      row_number() OVER (PARTITION BY ${DAY} ORDER BY micros) - 1 AS place
    FROM ${engine.table(LATEST)} AS t WHERE micros IS NOT NULL) AS d WHERE ${join(wanted, sql` OR `)}`;
}
