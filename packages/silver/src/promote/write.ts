import { identifier, type PartitionedWrite, sql } from "@medallion/engine";
import { partitionFiles, partitionKey } from "@medallion/lake";
import { type LakePath, quarantinePath, resolveInLake, type SilverFormat, silverPath } from "@medallion/lake/layout";
import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import { mergedLines, mergedRows, rowOrder, TABLES } from "../sql/merge.ts";
import { isSetAside, mergedQuarantine } from "../sql/quarantine.ts";
import { STAGED, silverColumns } from "../sql/stage.ts";
import type { PartitionTally } from "./counts.ts";
import { type Merge, type MergePlace, standingRows, writtenLines } from "./merge.ts";
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
  const lineFiles = await writeParts(place, gained, "jsonl", {
    ...shared,
    rows: mergedLines(engine, dataset, existing?.lines ?? null, hasLosers, formatUtc(processedAt)),
    format: "lines",
    columns: ["line"],
  });
  const rows = mergedRows(engine, dataset, existing?.rows ?? null, hasLosers, columns);
  const rowFiles = await writeParts(place, gained, "parquet", { ...shared, rows, format: "parquet", columns });
  const days = new Map<Day, readonly string[]>();
  for (const { day } of merge.tallies) days.set(day, rowFiles.paths.get(day) ?? (await standingPaths(place, day)));
  for (const tally of changed) if (!gained.includes(tally.day)) removeDay(place, tally.day, days);
  if (plan.rebuild) removeEmptied(place, gained, days);
  return { rows: { ...lineFiles.rows, ...rowFiles.rows }, days };
}

/** Writes partitions in one form, in as many parts as the engine sees fit, in place of the parts that they have. */
async function writeParts(
  { engine, transaction, plan }: WritePlace,
  days: readonly Day[],
  format: SilverFormat,
  write: Omit<PartitionedWrite, "partitions" | "file" | "inParts">,
): Promise<{ rows: Record<LakePath, number>; paths: Map<Day, string[]> }> {
  const folder = plan.dataset.folders.silver;
  const paths = new Map<Day, string[]>();
  const file = async (day: Day, part: number) => {
    const path = await transaction.stage(silverPath(folder, day, format, part));
    paths.set(day, [...(paths.get(day) ?? []), path]);
    return path;
  };
  for (const day of days) removeFiles({ transaction, plan }, day, format);
  const counts = await engine.writePartitions({ ...write, partitions: days, file, inParts: true });
  const rows = [...counts].flatMap(([day, parts]) =>
    parts.map((count, index) => [silverPath(folder, day, format, index + 1), count] as const),
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
  removeFiles(place, day, "jsonl");
  removeFiles(place, day, "parquet");
}

/** Removes the parts that a partition has, but for those that are staged anew. */
function removeFiles(
  { transaction, plan }: Pick<WritePlace, "transaction" | "plan">,
  day: Day,
  format: SilverFormat,
): void {
  for (const file of partitionFiles(transaction.state, plan.dataset.folders.silver, day, format)) {
    transaction.remove(file);
  }
}

function rowsAfter({ transaction, plan }: WritePlace, tally: PartitionTally): number {
  const known = transaction.state.partitions.get(partitionKey(plan.dataset.name, tally.day));
  const before = plan.rebuild ? 0 : (known?.rows ?? 0);
  return before + tally.accepted - tally.superseded;
}

/**
 * Stages the quarantine of every day of ingestion that gained records, and in a rebuild all of it; the rows of each file
 * are returned.
 */
export async function writeQuarantine(place: WritePlace): Promise<Record<LakePath, number>> {
  const { engine, transaction, plan } = place;
  const { name } = plan.dataset;
  const rows = await engine.rows(
    sql`SELECT DISTINCT ${identifier(STAGED.ingestedDay)} AS day FROM ${engine.table(TABLES.staged)}
      WHERE ${isSetAside(plan.rebuild)} ORDER BY 1`,
  );
  const standing = await quarantineDays(place);
  const staged = rows.map((row) => String(row.day));
  const gained = plan.rebuild ? [...new Set([...staged, ...standing])].sort() : staged;
  if (gained.length === 0) return {};
  const kept = gained.filter((day) => standing.includes(day));
  const keptFiles = kept.map((day) => ({ file: quarantinePath(name, day), label: day }));
  const existing = kept.length === 0 ? null : await writtenLines(place, keptFiles);
  const counts = await engine.writePartitions({
    rows: mergedQuarantine(engine, { existing, rebuild: plan.rebuild, processedAt: formatUtc(place.processedAt) }),
    partitionBy: STAGED.ingestedDay,
    orderBy: ["ingested_at", "line"],
    format: "lines",
    columns: ["line"],
    partitions: gained,
    file: (day) => transaction.stage(quarantinePath(name, day)),
  });
  return Object.fromEntries(gained.map((day) => [quarantinePath(name, day), counts.get(day)?.[0] ?? 0]));
}

/** The days of ingestion for which a data set has a quarantine file. */
async function quarantineDays({ lake, plan }: Pick<WritePlace, "lake" | "plan">): Promise<Day[]> {
  const folder = await resolveInLake(lake, `silver/quarantine/${plan.dataset.name}`);
  const entries = await lake.storage.list(folder);
  return entries.flatMap(({ name }) => /^([0-9]{8})\.jsonl$/.exec(name)?.slice(1, 2) ?? []).sort();
}
