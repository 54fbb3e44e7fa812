import { type Engine, identifier, type ParquetSource, type Sql, sql } from "@medallion/engine";
import { type Lake, measureRange, partitionFiles, type Transaction } from "@medallion/lake";
import { type LakePath, resolveInLake, type SilverFormat, silverPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { SilverError } from "../errors.ts";
import { existingQuery, losersQuery, matchedDaysQuery, repeatedQuery, TABLES, tiesQuery } from "../sql/merge.ts";
import { STAGED } from "../sql/stage.ts";
import { countPartitions, type PartitionTally } from "./counts.ts";
import { type PromotionPlan, partitionsOf } from "./plan.ts";

/** A file of this size is not worth a look at its lines. */
const SMALL_FILE_BYTES = 16 * 1024 * 1024;

/** The staged records beside the rows of earlier runs. */
export interface Merge {
  /** The counts of each partition. */
  readonly tallies: readonly PartitionTally[];
  /** The rows of earlier runs on the days that are merged; null without any. */
  readonly existing: StandingRelations | null;
  readonly hasLosers: boolean;
}

/** The rows of earlier runs, as they stand in both forms of silver. */
interface StandingRelations {
  readonly lines: Sql;
  readonly rows: Sql;
}

/** Where a merge takes place. */
export interface MergePlace {
  readonly lake: Lake;
  readonly engine: Engine;
  readonly transaction: Transaction;
  readonly plan: PromotionPlan;
}

/** Finds the duplicates among the staged records and the rows of earlier runs on the same days, and counts. */
export async function mergeStaged(place: MergePlace): Promise<Merge> {
  const { engine, plan } = place;
  const { dataset } = plan;
  const days = plan.rebuild ? [] : await daysToMerge(place);
  const existing = days.length === 0 ? null : await standingRelations(place, days);
  if (existing !== null) await engine.materialize(TABLES.existing, existingQuery(dataset, existing.rows));
  await engine.materialize(TABLES.repeated, repeatedQuery(engine, dataset, existing !== null));
  const [ties] = await engine.rows(tiesQuery(engine, dataset));
  const hasTies = Number(ties?.n ?? 0) > 0;
  await engine.materialize(TABLES.losers, losersQuery(engine, dataset, existing?.lines ?? null, hasTies));
  const tallies = await countPartitions(engine);
  const hasLosers = tallies.some((tally) => tally.duplicate + tally.superseded > 0);
  return { tallies, existing, hasLosers };
}

async function standingRelations(place: MergePlace, days: readonly Day[]): Promise<StandingRelations> {
  const files = days.flatMap((day) => standingFiles(place, day, "jsonl").map((file) => ({ file, label: day })));
  return { lines: await writtenLines(place, files), rows: place.engine.parquet(await standingRows(place, days)) };
}

/** A file of the lake that is read as lines, and the name under which its rows are known. */
export interface LabelledFile {
  readonly file: LakePath;
  readonly label: string;
}

/**
 * The lines of files that an earlier run has written, as a relation (line, file), where `file` is the label.
 * @throws SilverError SILVER_MISSING when one is gone
 */
export async function writtenLines(
  { lake, engine }: Pick<MergePlace, "lake" | "engine">,
  files: readonly LabelledFile[],
): Promise<Sql> {
  const sources = files.map(async ({ file, label }) => ({ path: await writtenFile(lake, file), file: label }));
  return engine.lines(await Promise.all(sources), { maxLineBytes: () => longestLine(lake, files), json: true });
}

/** An upper bound of the longest line in files that an earlier run has written. */
async function longestLine(lake: Lake, files: readonly LabelledFile[]): Promise<number> {
  let longest = 0;
  for (const { file } of files) {
    const size = (await lake.storage.status(await resolveInLake(lake, file)))?.size ?? 0;
    if (size <= Math.max(SMALL_FILE_BYTES, longest)) longest = Math.max(longest, size);
    else longest = Math.max(longest, (await measureRange(lake, file, 0, size, "", { final: true })).maxLineBytes);
  }
  return longest;
}

/**
 * The absolute path of a file that an earlier run has written.
 * @throws SilverError SILVER_MISSING when it is gone
 */
async function writtenFile(lake: Lake, file: LakePath): Promise<string> {
  const path = await resolveInLake(lake, file);
  if ((await lake.storage.status(path)) !== null) return path;
  throw missing(file);
}

function missing(file: LakePath): SilverError {
  return new SilverError(
    "SILVER_MISSING",
    `Expected ${file}, which an earlier run wrote, found no such file. Recompute silver from bronze with \`medallion run --rebuild\`.`,
    { file },
  );
}

/**
 * The parts of a partition that earlier runs have written and that have rows.
 * @throws SilverError SILVER_MISSING when the log knows none
 */
function standingFiles(
  { transaction, plan }: Pick<MergePlace, "transaction" | "plan">,
  day: Day,
  format: SilverFormat,
): LakePath[] {
  const folder = plan.dataset.folders.silver;
  const files = partitionFiles(transaction.state, folder, day, format);
  if (files.length === 0) throw missing(silverPath(folder, day, format));
  return files;
}

/** The rows that partitions have of earlier runs, as sources. */
export async function standingRows(place: MergePlace, days: readonly Day[]): Promise<ParquetSource[]> {
  const files = days.flatMap((day) =>
    standingFiles(place, day, "parquet").map(async (file) => ({
      path: await writtenFile(place.lake, file),
      partition: day,
    })),
  );
  return Promise.all(files);
}

/** The days with rows of earlier runs that staged records may replace. */
async function daysToMerge(place: MergePlace): Promise<Day[]> {
  const { engine, transaction, plan } = place;
  const { dataset } = plan;
  const standing = partitionsOf(transaction.state, dataset)
    .filter((partition) => partition.rows > 0 && !plan.retiredDays.includes(partition.day))
    .map((partition) => partition.day);
  const touched = new Set(await touchedDays(engine));
  const others = dataset.sameTime ? [] : standing.filter((day) => !touched.has(day));
  if (others.length > 0) {
    const earlier = engine.parquet(await standingRows(place, others));
    for (const row of await engine.rows(matchedDaysQuery(engine, dataset, earlier))) touched.add(String(row.day));
  }
  return standing.filter((day) => touched.has(day)).sort();
}

async function touchedDays(engine: Engine): Promise<Day[]> {
  const rows = await engine.rows(
    sql`SELECT DISTINCT ${identifier(STAGED.day)} AS day FROM ${engine.table(TABLES.staged)}
      WHERE ${identifier(STAGED.rule)} IS NULL ORDER BY 1`,
  );
  return rows.map((row) => String(row.day));
}
