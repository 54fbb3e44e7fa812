import { type Engine, identifier, type Sql, sql } from "@medallion/engine";
import type { Lake } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { Kpis } from "@medallion/schema/gold";
import { meanSeconds } from "../exact.ts";
import { ContributionSum, SHARE_COLUMNS } from "../numbers/contribution.ts";
import { addBuckets, addShares, contributionsOf } from "../numbers/contribution-rows.ts";
import { sketchedPercentile } from "../numbers/sketch.ts";
import { partialTallyColumns, type Tally, tallyOf, tallySums } from "../numbers/tally.ts";
import { readDayRollup, rollupInvalid } from "../rollup/read.ts";
import { retiredSources, retiredStates } from "../rollup/tasks.ts";
import { numbersOfStates } from "../states/numbers.ts";
import { readStates } from "../states/read.ts";
import type { DayStates } from "../states/states.ts";
import { type Basis, basisOf } from "./basis.ts";
import { LAST_DAYS, LATEST_TABLES, type LatestStates, latestStates, silverStates } from "./latest.ts";
import { type DayPartition, type GoldPlace, partitionsBetween } from "./partitions.ts";
import { exactPercentiles, type Percentiles, sketchedPercentiles } from "./percentiles.ts";
import { sourcesOf } from "./sources.ts";

const SEEN_AGAIN = "medallion_seen_again";
const GROUPS = "medallion_groups";
const DURATIONS = "medallion_durations";

/** The numbers of the tasks of a range, each in its latest state of the range. */
export interface RangeNumbers {
  readonly sum: ContributionSum;
  readonly percentiles: Percentiles;
  /** In seconds. */
  readonly min: number | null;
  readonly max: number | null;
  /** Of every day with rows, its tasks each in its latest state of that day. */
  readonly daily: ReadonlyMap<Day, Tally>;
  readonly basis: Basis;
  readonly inputs: Kpis["inputs"];
}

export interface RangeOptions extends GoldPlace {
  /** An engine, or what opens one: called when rows are to be read. Whoever gives it closes what it opened. */
  readonly engine: Engine | (() => Promise<Engine>);
  readonly start: Day;
  readonly end: Day;
  /** Whether tasks are also counted by status, priority and type. */
  readonly shares: boolean;
}

interface RowsOptions extends RangeOptions {
  readonly engine: Engine;
}

/**
 * Computes the numbers of a range from the rows of its days, and from the roll-ups of those whose silver is retired. The
 * roll-ups add up, less what is superseded by a day of the range; a task of theirs that also has rows is taken away from
 * the one or the other by its id. All is exact but, where a day is rolled up, the order of durations. Where the states of
 * all days are kept, no row is read, and no engine is needed.
 *
 * @throws GoldError SILVER_MISSING, ROLLUP_INVALID
 * @throws EngineError
 */
export async function rangeNumbers(options: RangeOptions): Promise<RangeNumbers> {
  const { lake, start, end } = options;
  const partitions = await partitionsBetween(options, start, end);
  const withRows = partitions.filter(({ kind }) => kind === "rows");
  const retired = partitions.filter(({ kind }) => kind === "rolled up").map(({ day }) => day);
  const states = retired.length > 0 || options.shares ? null : await readStates(options, withRows);
  if (states !== null) return ofStates(partitions, states);
  const engine = typeof options.engine === "function" ? await options.engine() : options.engine;
  const sum = new ContributionSum();
  const daily = new Map<Day, Tally>();
  await addRollups(lake, retired, sum, daily);
  const exact = withRows.length === 0 ? null : await addRows({ ...options, engine }, withRows, retired, sum, daily);
  if (!sum.isPossible) {
    throw rollupInvalid(retired.at(-1) ?? end, "it does not agree with the tasks in gold/retired-tasks");
  }
  const { min, max } = sum.all;
  return {
    sum,
    percentiles: exact ?? sketchedPercentiles(sum.sketch),
    min: exact === null ? sketchedPercentile(sum.sketch, 0) : secondsOf(min),
    max: exact === null ? sketchedPercentile(sum.sketch, 100) : secondsOf(max),
    daily,
    basis: basisOf(partitions),
    inputs: partitions.map(({ day, file, rows }) => ({ file, rows: rows ?? daily.get(day)?.total ?? 0 })),
  };
}

/** The numbers of a range of which the states of every day are kept: the same as those of its rows. */
function ofStates(partitions: readonly DayPartition[], states: readonly DayStates[]): RangeNumbers {
  const days = partitions.map(({ day }) => day);
  const { sum, daily, percentiles } = numbersOfStates(days, states);
  const { min, max } = sum.all;
  const inputs = partitions.map(({ file, rows }) => ({ file, rows: rows ?? 0 }));
  return { sum, percentiles, min: secondsOf(min), max: secondsOf(max), daily, basis: basisOf(partitions), inputs };
}

async function addRollups(lake: Lake, days: readonly Day[], sum: ContributionSum, daily: Map<Day, Tally>) {
  const inRange = new Set(days);
  for (const day of days) {
    const { contribution, superseded } = await readDayRollup(lake, day);
    sum.add(contribution);
    daily.set(day, contribution.all);
    for (const [next, part] of superseded) if (inRange.has(next)) sum.add(part, -1);
  }
}

/** Adds the tasks that have rows; returns their percentiles where they are all tasks of the range. */
async function addRows(
  options: RowsOptions,
  withRows: readonly DayPartition[],
  retired: readonly Day[],
  sum: ContributionSum,
  daily: Map<Day, Tally>,
): Promise<Percentiles | null> {
  const { engine, shares } = options;
  const columns = shares ? SHARE_COLUMNS : [];
  const sources = sourcesOf(withRows);
  const isMixed = retired.length > 0;
  try {
    const sightings = isMixed ? await sightingsOf(options, silverStates(engine, sources), retired) : undefined;
    const states = await latestStates(engine, sources, sightings === undefined ? {} : { sightings });
    await addTallies(engine, states, sum, daily);
    await addShares(engine, states.ofAll, [], columns, () => sum);
    await engine.materialize(DURATIONS, sql`SELECT micros FROM ${states.ofAll} AS r WHERE micros IS NOT NULL`);
    await addBuckets(engine, engine.table(DURATIONS), [], () => sum);
    if (!isMixed) return await exactPercentiles(engine, engine.table(DURATIONS), sum.sketch);
    const counted = (await contributionsOf(engine, countedTwice(engine), [], columns)).get("");
    if (counted !== undefined) sum.add(counted, -1);
    return null;
  } finally {
    for (const table of [...LATEST_TABLES, SEEN_AGAIN, GROUPS, DURATIONS]) await engine.forget(table);
  }
}

/** Adds what became of the tasks, by master and by day. The rows are read once: by both, which is small. */
async function addTallies(engine: Engine, states: LatestStates, sum: ContributionSum, daily: Map<Day, Tally>) {
  const [day, master] = [identifier("day"), identifier("master")];
  await engine.materialize(
    GROUPS,
    sql`SELECT ${day}, ${master}, is_last, ${partialTallyColumns()} FROM ${states.ofDay} AS r GROUP BY ${day}, ${master}, is_last`,
  );
  const by = (column: Sql, condition: Sql) =>
    engine.rows(
      sql`SELECT ${column}, ${tallySums(engine)} FROM ${engine.table(GROUPS)} AS g WHERE ${condition} GROUP BY ${column}`,
    );
  for (const row of await by(master, sql`is_last`)) sum.addMaster(String(row.master), tallyOf(row));
  for (const row of await by(day, sql`true`)) daily.set(String(row.day), tallyOf(row));
}

/** Keeps the states that tasks with rows had on retired days; returns when they were seen there. */
async function sightingsOf(options: RowsOptions, rows: Sql, retired: readonly Day[]): Promise<Sql> {
  const { lake, engine, transaction } = options;
  const day = identifier("day");
  await engine.materialize(
    SEEN_AGAIN,
    sql`SELECT * FROM ${retiredStates(engine, await retiredSources(lake, transaction.state, retired))} AS l
      WHERE task_id IN (SELECT task_id FROM ${rows} AS r)`,
  );
  return sql`(SELECT ${day}, task_id FROM ${engine.table(SEEN_AGAIN)} AS s)`;
}

/** The states that the sum of the roll-ups counts although the task is in a later one, which has rows. */
function countedTwice(engine: Engine): Sql {
  const day = identifier("day");
  return sql`(SELECT c.* FROM (
      SELECT a.*, lead(${day}) OVER (PARTITION BY task_id ORDER BY ${day}) AS next_day
      FROM ${engine.table(SEEN_AGAIN)} AS a) AS c
    JOIN ${engine.table(LAST_DAYS)} AS l ON c.task_id = l.task_id
    WHERE c.next_day IS NULL AND c.${day} <> l.last_day)`;
}

function secondsOf(micros: bigint | null): number | null {
  return micros === null ? null : meanSeconds(micros, 1);
}
