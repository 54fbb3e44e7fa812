import { type Engine, identifier, join, type ParquetSource, sql } from "@medallion/engine";
import { partitionKey } from "@medallion/lake";
import { dailyPath, type LakePath, resolveInLake } from "@medallion/lake/layout";
import type { Day, Micros } from "@medallion/lake/time";
import { rulesVersion } from "@medallion/schema/contract";
import { type DailyAnalytics, dailyAnalytics } from "@medallion/schema/gold";
import { dailyDocument } from "../daily/document.ts";
import { dailyRows } from "../daily/rows.ts";
import { checkDocument, stageDocument } from "../document/check.ts";
import { ContributionSum } from "../numbers/contribution.ts";
import { contributionsOf } from "../numbers/contribution-rows.ts";
import { batchesByRows } from "../range/batches.ts";
import { LATEST_TABLES, latestStates } from "../range/latest.ts";
import { type DayPartition, type GoldPlace, partitionsBetween } from "../range/partitions.ts";
import { sourcesOf } from "../range/sources.ts";
import { leaveStates } from "../states/stage.ts";
import { type Rollup, readRollup, rollupDocument } from "./document.ts";
import { isSealed, retiredTasksPath, sealedDays } from "./paths.ts";
import { readDailyAt, rollupInvalid } from "./read.ts";
import { RETIRED_COLUMNS, retiredSources, retiredStates } from "./tasks.ts";

const SEALED = "medallion_sealed";
const AGAIN = "medallion_sealed_again";
const CHAIN = "medallion_chain";

export interface SealDaysOptions extends GoldPlace {
  readonly engine: Engine;
  /** The days whose silver the same commit removes; those that are sealed already or have no rows are passed over. */
  readonly days: readonly Day[];
  readonly generatedAt: Micros;
}

/**
 * Keeps what later documents need of days whose silver is about to be removed: stages `gold/retired-tasks/YYYYMMDD.parquet`,
 * every task's state on that day, and the daily documents with their `rollup`. The roll-ups of days that were sealed
 * before are brought up to date where tasks of theirs were seen again on these days.
 *
 * @returns the files staged
 * @throws GoldError SILVER_MISSING, ROLLUP_INVALID, DOCUMENT_INVALID
 * @throws EngineError
 */
export async function sealDays(options: SealDaysOptions): Promise<LakePath[]> {
  const { lake, engine, transaction } = options;
  const partitions: DayPartition[] = [];
  for (const day of [...new Set(options.days)].sort()) {
    if (!isSealed(transaction.state, day)) partitions.push(...(await partitionsBetween(options, day, day)));
  }
  const sealed = await retiredSources(lake, transaction.state, sealedDays(transaction.state));
  const sealing: Sealing = { ...options, lists: sealed, staged: new Set() };
  try {
    for (const batch of batchesByRows(partitions)) await sealBatch(sealing, batch);
    return [...sealing.staged];
  } finally {
    for (const table of [...LATEST_TABLES, SEALED, AGAIN, CHAIN]) await engine.forget(table);
  }
}

/** A sealing under way. */
interface Sealing extends SealDaysOptions {
  /** The tasks of the days that are sealed so far. */
  readonly lists: ParquetSource[];
  /** What is staged so far. */
  readonly staged: Set<LakePath>;
}

async function sealBatch(sealing: Sealing, partitions: readonly DayPartition[]): Promise<void> {
  const { engine } = sealing;
  const sources = sourcesOf(partitions);
  const lists = await stageTasks(sealing, sources);
  const added = await contributionsOf(engine, engine.table(SEALED), ["day"]);
  const changes = await supersededChanges(sealing);
  await stageSealed(sealing, partitions, sources, added, changes);
  await stageEarlier(sealing, partitions, changes);
  sealing.lists.push(...lists);
}

async function stageTasks(sealing: Sealing, sources: readonly ParquetSource[]): Promise<ParquetSource[]> {
  const { engine, transaction, staged } = sealing;
  const columns = join(["day", ...RETIRED_COLUMNS].map((name) => identifier(name)));
  const { ofDay } = await latestStates(engine, sources);
  await engine.materialize(SEALED, sql`SELECT ${columns} FROM ${ofDay} AS r`);
  const lists: ParquetSource[] = [];
  await engine.writePartitions({
    rows: engine.table(SEALED),
    partitionBy: "day",
    orderBy: ["task_id"],
    format: "parquet",
    columns: RETIRED_COLUMNS,
    partitions: [...new Set(sources.map(({ partition }) => partition))],
    async file(partition, part) {
      const file = retiredTasksPath(partition, part);
      const path = await transaction.stage(file);
      staged.add(file);
      lists.push({ path, partition });
      return path;
    },
  });
  return lists;
}

/** By day, how its `superseded` changes: what is added and what is taken away, by the next day. */
type SupersededChanges = ReadonlyMap<Day, ReadonlyMap<Day, ContributionSum>>;

/** Compares, for every task of the sealed days, on which retired day it was seen next before and after the sealing. */
async function supersededChanges({ engine, lists }: Sealing): Promise<SupersededChanges> {
  const columns = join(["day", ...RETIRED_COLUMNS].map((name) => identifier(name)));
  const [day, sealedNow] = [identifier("day"), engine.table(SEALED)];
  const earlier = lists.length === 0 ? null : retiredStates(engine, lists);
  const ids =
    earlier === null
      ? sql`SELECT task_id FROM ${sealedNow} AS s`
      : sql`SELECT task_id FROM ${sealedNow} AS s UNION ALL SELECT task_id FROM ${earlier} AS e
          WHERE task_id IN (SELECT task_id FROM ${sealedNow} AS t)`;
  await engine.materialize(AGAIN, sql`SELECT task_id FROM (${ids}) AS i GROUP BY task_id HAVING count(*) > 1`);
  const again = sql`task_id IN (SELECT task_id FROM ${engine.table(AGAIN)} AS a)`;
  const sealed = sql`SELECT ${columns}, true AS is_new FROM ${sealedNow} AS s WHERE ${again}`;
  const states =
    earlier === null
      ? sealed
      : sql`${sealed} UNION ALL SELECT ${columns}, false AS is_new FROM ${earlier} AS e WHERE ${again}`;
  await engine.materialize(
    CHAIN,
    sql`SELECT u.*, lead(${day}) OVER (PARTITION BY task_id ORDER BY ${day}) AS next_day,
        lead(${day}) OVER (PARTITION BY task_id, is_new ORDER BY ${day}) AS next_alike
      FROM (${states}) AS u`,
  );
  const chain = engine.table(CHAIN);
  const gained = sql`(SELECT * FROM ${chain} AS c WHERE next_day IS NOT NULL
    AND (is_new OR next_alike IS NULL OR next_alike <> next_day))`;
  const lost = sql`(SELECT * FROM ${chain} AS c WHERE NOT is_new AND next_alike IS NOT NULL AND next_alike <> next_day)`;
  const changes = new Map<Day, Map<Day, ContributionSum>>();
  const note = (found: ReadonlyMap<string, ContributionSum>, sign: 1 | -1) => {
    for (const [place, contribution] of found) {
      const [of = "", next = ""] = place.split("/");
      addTo(changes, of, next, contribution, sign);
    }
  };
  note(await contributionsOf(engine, gained, ["day", "next_day"]), 1);
  note(await contributionsOf(engine, lost, ["day", "next_alike"]), -1);
  return changes;
}

function addTo(
  changes: Map<Day, Map<Day, ContributionSum>>,
  day: Day,
  next: Day,
  contribution: ContributionSum,
  sign: 1 | -1,
): void {
  const ofDay = changes.get(day) ?? new Map<Day, ContributionSum>();
  changes.set(day, ofDay);
  ofDay.set(next, (ofDay.get(next) ?? new ContributionSum()).add(contribution, sign));
}

/** The daily documents of the days that are sealed now, made anew from silver. */
async function stageSealed(
  sealing: Sealing,
  partitions: readonly DayPartition[],
  sources: readonly ParquetSource[],
  added: ReadonlyMap<string, ContributionSum>,
  changes: SupersededChanges,
): Promise<void> {
  const { lake, engine, transaction, dataset, generatedAt, changed = [] } = sealing;
  const rows = await dailyRows(engine, sources);
  for (const { day, file, rows: count } of partitions) {
    leaveStates(transaction, day);
    const totals =
      changed.find((input) => input.day === day)?.totals ??
      transaction.state.partitions.get(partitionKey(dataset.name, day));
    if (totals === undefined) continue;
    const document = dailyDocument(rows, {
      day,
      timeZone: lake.timeZone,
      generatedAt,
      rulesVersion: rulesVersion(dataset),
      totals,
      inputs: [{ file, rows: count ?? 0 }],
    });
    const contribution = added.get(day) ?? new ContributionSum();
    await stageRollup(sealing, document, { contribution, superseded: changes.get(day) ?? new Map() });
  }
}

/** The documents of days that were sealed before, with what these days supersede. */
async function stageEarlier(
  sealing: Sealing,
  partitions: readonly DayPartition[],
  changes: SupersededChanges,
): Promise<void> {
  const { lake, transaction, staged } = sealing;
  for (const [day, ofDay] of changes) {
    if (partitions.some((partition) => partition.day === day)) continue;
    const path = dailyPath(day);
    const place = staged.has(path) ? await transaction.stage(path) : await resolveInLake(lake, path);
    const document = await readDailyAt(lake, day, place);
    if (document?.rollup === undefined) throw rollupInvalid(day, "it has no rollup");
    const { contribution, superseded } = readRollup(document.rollup);
    const sums = new Map(superseded);
    for (const [next, change] of ofDay) sums.set(next, (sums.get(next) ?? new ContributionSum()).add(change));
    await stageRollup(sealing, document, { contribution, superseded: sums });
  }
}

async function stageRollup(sealing: Sealing, document: DailyAnalytics, rollup: Rollup): Promise<void> {
  const path = dailyPath(document.date);
  if (![...rollup.superseded.values()].every((part) => part.isPossible)) {
    throw rollupInvalid(document.date, "it does not agree with the tasks in gold/retired-tasks");
  }
  const sealed: DailyAnalytics = { ...document, rollup: rollupDocument(rollup) };
  checkDocument(dailyAnalytics, sealed, path);
  await stageDocument(sealing, path, sealed);
  sealing.staged.add(path);
}
