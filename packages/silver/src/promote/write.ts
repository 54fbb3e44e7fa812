import { identifier, type PartitionedWrite, sql } from "@medallion/engine";
import { partitionFiles, partitionKey, quarantineDays, quarantineFiles, type Transaction } from "@medallion/lake";
import { type LakePath, quarantinePath, resolveInLake, type SilverFormat, silverPath } from "@medallion/lake/layout";
import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import { mergedLines, mergedRows, rowOrder, TABLES } from "../sql/merge.ts";
import { isSetAside, mergedQuarantine, QUARANTINE_ORDER } from "../sql/quarantine.ts";
import { STAGED, silverColumns } from "../sql/stage.ts";
import type { PartitionTally } from "./counts.ts";
import { type LabelledFile, type Merge, type MergePlace, standingRows, writtenLines } from "./merge.ts";
import { partitionsOf } from "./plan.ts";

/** Where files are staged, and the time of the run. */
interface WritePlace extends MergePlace {
  readonly processedAt: Micros;
}

/** Staged files of silver. */
export interface WrittenSilver {
  /** By the file's place in the lake. */
  readonly rows: Readonly<Record<LakePath, number>>;
  /** Every day touched, with the absolute paths of its staged or standing Parquet files; none for a day without rows. */
  readonly days: ReadonlyMap<Day, readonly string[]>;
}

/** Stages the JSONL and Parquet files of every partition that gained or lost rows, and removes the parts it has no more. */
export async function writeSilver(place: WritePlace, merge: Merge): Promise<WrittenSilver> {
  const { engine, plan, processedAt } = place;
  const { dataset } = plan;
  const changed = merge.tallies.filter((tally) => tally.accepted + tally.superseded > 0);
  const gained = changed.filter((tally) => rowsAfter(place, tally) > 0).map((tally) => tally.day);
  const columns = silverColumns(dataset);
  const shared = { partitionBy: STAGED.day, orderBy: rowOrder(dataset) };
  const { existing, hasLosers } = merge;
  const lineFiles = await writeParts(place, gained, silverParts(place, "jsonl"), {
    ...shared,
    rows: mergedLines(engine, dataset, existing?.lines ?? null, hasLosers, formatUtc(processedAt)),
    format: "lines",
    columns: ["line"],
  });
  const rows = mergedRows(engine, dataset, existing?.rows ?? null, hasLosers, columns);
  const rowFiles = await writeParts(place, gained, silverParts(place, "parquet"), {
    ...shared,
    rows,
    format: "parquet",
    columns,
  });
  const days = new Map<Day, readonly string[]>();
  for (const { day } of merge.tallies) days.set(day, rowFiles.paths.get(day) ?? (await standingPaths(place, day)));
  for (const tally of changed) if (!gained.includes(tally.day)) removeDay(place, tally.day, days);
  if (plan.rebuild) removeEmptied(place, gained, days);
  return { rows: { ...lineFiles.rows, ...rowFiles.rows }, days };
}

/** The parts that days consist of in one form. */
interface DayParts {
  /** Those that a day has. */
  files(day: Day): LakePath[];
  /** @param part from 1 */
  path(day: Day, part: number): LakePath;
}

function silverParts({ transaction, plan }: Pick<WritePlace, "transaction" | "plan">, format: SilverFormat): DayParts {
  const folder = plan.dataset.folders.silver;
  return {
    files: (day) => partitionFiles(transaction.state, folder, day, format),
    path: (day, part) => silverPath(folder, day, format, part),
  };
}

function quarantineParts({ transaction, plan }: Pick<WritePlace, "transaction" | "plan">): DayParts {
  const { name } = plan.dataset;
  return {
    files: (day) => quarantineFiles(transaction.state, name, day),
    path: (day, part) => quarantinePath(name, day, part),
  };
}

/** Writes days in one form, in as many parts as the engine sees fit, in place of the parts that they have. */
async function writeParts(
  { engine, transaction }: WritePlace,
  days: readonly Day[],
  parts: DayParts,
  write: Omit<PartitionedWrite, "partitions" | "file">,
): Promise<{ rows: Record<LakePath, number>; paths: Map<Day, string[]> }> {
  const paths = new Map<Day, string[]>();
  const file = async (day: Day, part: number) => {
    const path = await transaction.stage(parts.path(day, part));
    paths.set(day, [...(paths.get(day) ?? []), path]);
    return path;
  };
  for (const day of days) removeFiles(transaction, parts, day);
  const counts = await engine.writePartitions({ ...write, partitions: days, file });
  const rows = [...counts].flatMap(([day, ofParts]) =>
    ofParts.map((count, index) => [parts.path(day, index + 1), count] as const),
  );
  return { rows: Object.fromEntries(rows), paths };
}

/** A day whose new records were all set aside or duplicates keeps the files it has. */
async function standingPaths(place: WritePlace, day: Day): Promise<readonly string[]> {
  const { transaction, plan } = place;
  if (plan.rebuild) return [];
  const known = partitionsOf(transaction.state, plan.dataset).find((partition) => partition.day === day);
  if (known === undefined || known.rows === 0 || plan.retiredDays.includes(day)) return [];
  return (await standingRows(place, [day])).map(({ path }) => path);
}

function removeEmptied(
  { transaction, plan }: Pick<WritePlace, "transaction" | "plan">,
  gained: readonly Day[],
  days: Map<Day, readonly string[]>,
): void {
  for (const { day, rows } of partitionsOf(transaction.state, plan.dataset)) {
    if (gained.includes(day) || plan.retiredDays.includes(day)) continue;
    if (rows === 0) days.set(day, []);
    else removeDay({ transaction, plan }, day, days);
  }
}

function removeDay(place: Pick<WritePlace, "transaction" | "plan">, day: Day, days: Map<Day, readonly string[]>): void {
  days.set(day, []);
  for (const format of ["jsonl", "parquet"] as const) removeFiles(place.transaction, silverParts(place, format), day);
}

/** Removes the parts that a day has, but for those that are staged anew. */
function removeFiles(transaction: Transaction, parts: DayParts, day: Day): void {
  for (const file of parts.files(day)) transaction.remove(file);
}

function rowsAfter({ transaction, plan }: WritePlace, tally: PartitionTally): number {
  const known = transaction.state.partitions.get(partitionKey(plan.dataset.name, tally.day));
  const before = plan.rebuild ? 0 : (known?.rows ?? 0);
  return before + tally.accepted - tally.superseded;
}

/**
 * Stages the quarantine of every day of ingestion that gained records, and in a rebuild all of it; the rows of each file
 * are returned.
 * @throws SilverError SILVER_MISSING when a file of it is gone that records are to be added to
 */
export async function writeQuarantine(place: WritePlace): Promise<Record<LakePath, number>> {
  const { engine, transaction, plan } = place;
  const rows = await engine.rows(
    sql`SELECT DISTINCT ${identifier(STAGED.ingestedDay)} AS day FROM ${engine.table(TABLES.staged)}
      WHERE ${isSetAside(plan.rebuild)} ORDER BY 1`,
  );
  const staged = rows.map((row) => String(row.day));
  const parts = quarantineParts(place);
  const standing = quarantineDays(transaction.state, plan.dataset.name);
  const earlier = plan.rebuild ? standing : staged.filter((day) => standing.includes(day));
  const files = earlier.flatMap((day) => parts.files(day).map((file) => ({ file, label: day })));
  // What a rebuild makes anew from bronze may be gone.
  const kept = plan.rebuild ? await filesThere(place, files) : files;
  for (const day of earlier) removeFiles(transaction, parts, day);
  const gained = [...new Set([...staged, ...kept.map(({ label }) => label)])].sort();
  if (gained.length === 0) return {};
  const existing = kept.length === 0 ? null : await writtenLines(place, kept);
  const written = await writeParts(place, gained, parts, {
    rows: mergedQuarantine(engine, { existing, rebuild: plan.rebuild, processedAt: formatUtc(place.processedAt) }),
    partitionBy: STAGED.ingestedDay,
    orderBy: QUARANTINE_ORDER,
    format: "lines",
    columns: ["line"],
  });
  return written.rows;
}

async function filesThere({ lake }: WritePlace, files: readonly LabelledFile[]): Promise<LabelledFile[]> {
  const there: LabelledFile[] = [];
  for (const item of files) {
    if ((await lake.storage.status(await resolveInLake(lake, item.file))) !== null) there.push(item);
  }
  return there;
}
