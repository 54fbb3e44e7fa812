import { identifier, sql } from "@medallion/engine";
import { partitionKey } from "@medallion/lake";
import { type LakePath, quarantinePath, resolveInLake, silverPath } from "@medallion/lake/layout";
import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import { mergedLines, mergedRows, rowOrder, TABLES } from "../sql/merge.ts";
import { isSetAside, mergedQuarantine } from "../sql/quarantine.ts";
import { STAGED, silverColumns } from "../sql/stage.ts";
import type { PartitionTally } from "./counts.ts";
import { lineSources, longestLine, type Merge, type MergePlace, writtenFile } from "./merge.ts";
import { partitionsOf } from "./plan.ts";

/** Where files are staged, and the time of the run. */
interface WritePlace extends MergePlace {
  readonly processedAt: Micros;
}

/** Staged files of silver. */
export interface WrittenSilver {
  /** By the file's place in the lake. */
  readonly rows: Readonly<Record<LakePath, number>>;
  /** Every day touched, with the absolute path of its staged or standing Parquet file; null for a day without rows. */
  readonly days: ReadonlyMap<Day, string | null>;
}

/** Stages the JSONL and Parquet files of every partition that gained or lost rows. */
export async function writeSilver(place: WritePlace, merge: Merge): Promise<WrittenSilver> {
  const { lake, engine, transaction, plan, processedAt } = place;
  const { dataset } = plan;
  const folder = dataset.folders.silver;
  const changed = merge.tallies.filter((tally) => tally.accepted + tally.superseded > 0);
  const gained = changed.filter((tally) => rowsAfter(place, tally) > 0).map((tally) => tally.day);
  /** One after the other, so that the commit lists the files of equal runs in the same order. */
  const stageAll = async (format: "jsonl" | "parquet") => {
    const files = new Map<Day, string>();
    for (const day of gained) files.set(day, await transaction.stage(silverPath(folder, day, format)));
    return files;
  };
  const [lineFiles, rowFiles] = [await stageAll("jsonl"), await stageAll("parquet")];
  const columns = silverColumns(dataset);
  const shared = { partitionBy: STAGED.day, orderBy: rowOrder(dataset) };
  const lines = mergedLines(engine, dataset, merge.state, formatUtc(processedAt));
  const counts = await engine.writePartitions({
    ...shared,
    rows: lines,
    format: "lines",
    columns: ["line"],
    files: lineFiles,
  });
  const earlier = await Promise.all(
    merge.existing.map(async (day) => ({
      path: await writtenFile(lake, silverPath(folder, day, "parquet")),
      partition: day,
    })),
  );
  const existing = earlier.length === 0 ? null : engine.parquet(earlier);
  const rows = mergedRows(engine, dataset, merge.state, columns, existing);
  await engine.writePartitions({ ...shared, rows, format: "parquet", columns, files: rowFiles });
  const days = new Map<Day, string | null>();
  for (const { day } of merge.tallies) days.set(day, rowFiles.get(day) ?? (await standingFile(place, day)));
  for (const tally of changed) if (!gained.includes(tally.day)) removeDay(place, tally.day, days);
  if (plan.rebuild) removeEmptied(place, gained, days);
  const written = gained.flatMap((day) =>
    (["jsonl", "parquet"] as const).map((format) => [silverPath(folder, day, format), counts.get(day) ?? 0] as const),
  );
  return { rows: Object.fromEntries(written), days };
}

/** A day whose new records were all set aside or duplicates keeps the file it has. */
async function standingFile({ lake, transaction, plan }: WritePlace, day: Day): Promise<string | null> {
  if (plan.rebuild) return null;
  const known = partitionsOf(transaction.state, plan.dataset).find((partition) => partition.day === day);
  return known === undefined || known.rows === 0 || plan.retiredDays.includes(day)
    ? null
    : writtenFile(lake, silverPath(plan.dataset.folders.silver, day, "parquet"));
}

function removeEmptied(
  { transaction, plan }: Pick<WritePlace, "transaction" | "plan">,
  gained: readonly Day[],
  days: Map<Day, string | null>,
): void {
  for (const { day, rows } of partitionsOf(transaction.state, plan.dataset)) {
    if (gained.includes(day) || plan.retiredDays.includes(day)) continue;
    if (rows === 0) days.set(day, null);
    else removeDay({ transaction, plan }, day, days);
  }
}

function removeDay(
  { transaction, plan }: Pick<WritePlace, "transaction" | "plan">,
  day: Day,
  days: Map<Day, string | null>,
): void {
  days.set(day, null);
  transaction.remove(silverPath(plan.dataset.folders.silver, day, "jsonl"));
  transaction.remove(silverPath(plan.dataset.folders.silver, day, "parquet"));
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
  const { lake, engine, transaction, plan } = place;
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
  const existing =
    kept.length === 0
      ? null
      : engine.lines(await lineSources(lake, keptFiles), {
          maxLineBytes: await longestLine(lake, keptFiles),
          json: true,
        });
  const files = new Map<Day, string>();
  for (const day of gained) files.set(day, await transaction.stage(quarantinePath(name, day)));
  const counts = await engine.writePartitions({
    rows: mergedQuarantine(engine, { existing, rebuild: plan.rebuild, processedAt: formatUtc(place.processedAt) }),
    partitionBy: STAGED.ingestedDay,
    orderBy: ["ingested_at", "line"],
    format: "lines",
    columns: ["line"],
    files,
  });
  return Object.fromEntries(gained.map((day) => [quarantinePath(name, day), counts.get(day) ?? 0]));
}

/** The days of ingestion for which a data set has a quarantine file. */
async function quarantineDays({ lake, plan }: Pick<WritePlace, "lake" | "plan">): Promise<Day[]> {
  const folder = await resolveInLake(lake, `silver/quarantine/${plan.dataset.name}`);
  const entries = await lake.storage.list(folder);
  return entries.flatMap(({ name }) => /^([0-9]{8})\.jsonl$/.exec(name)?.slice(1, 2) ?? []).sort();
}
