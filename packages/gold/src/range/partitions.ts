import { type Lake, partitionFiles, type Transaction } from "@medallion/lake";
import { dailyPath, type LakePath, resolveInLake, silverPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import type { DailyInput } from "../daily/stage.ts";
import { GoldError } from "../errors.ts";
import { isSealed, sealedDays } from "../rollup/paths.ts";

/** Where documents over days are computed and staged. */
export interface GoldPlace {
  readonly lake: Lake;
  /** Documents are staged here; the caller commits. */
  readonly transaction: Transaction;
  /** The data set of the tasks. */
  readonly dataset: Dataset;
  /** The partitions that this transaction changes, in place of what the lake has of them. Default: none. */
  readonly changed?: readonly DailyInput[];
}

/** A day with rows, and where its numbers are found. */
export interface DayPartition {
  readonly day: Day;
  /** `rows`: in its silver; `rolled up`: in its daily document, as the silver is retired. */
  readonly kind: "rows" | "rolled up";
  /** Names the partition in documents: the first part of its silver, or its daily document. */
  readonly file: LakePath;
  /** Absolute paths of the files, which are others while they are staged. */
  readonly paths: readonly string[];
  /** The rows of silver; null where it is retired. */
  readonly rows: number | null;
}

/**
 * The days of a range that have rows, in order.
 * @throws GoldError SILVER_MISSING when the silver of a day is gone and there is no roll-up
 */
export async function partitionsBetween(place: GoldPlace, start: Day, end: Day): Promise<DayPartition[]> {
  const { lake, transaction, dataset, changed = [] } = place;
  const folder = dataset.folders.silver;
  const standing = await standingFiles(place);
  const known = knownDays(place);
  const partitions: DayPartition[] = [];
  for (const [day, { rows, paths }] of known) {
    if (day < start || day > end) continue;
    const file = silverPath(folder, day, "parquet");
    const found = paths ?? (await resolveAll(lake, standing(day)));
    if (found.length > 0) partitions.push({ kind: "rows", day, rows, paths: found, file });
    else if (!isSealed(transaction.state, day)) throw silverMissing(day, file);
  }
  for (const day of sealedDays(transaction.state)) {
    const hasRows = standing(day).length > 0 || changed.some((input) => input.day === day && input.paths.length > 0);
    if (day < start || day > end || hasRows) continue;
    const file = dailyPath(day);
    partitions.push({ kind: "rolled up", day, rows: null, paths: await resolveAll(lake, [file]), file });
  }
  return partitions.sort((a, b) => (a.day < b.day ? -1 : 1));
}

function silverMissing(day: Day, file: LakePath): GoldError {
  return new GoldError(
    "SILVER_MISSING",
    `Expected ${file}, which an earlier run wrote, or the roll-up of that day in gold, found neither. Recompute silver from bronze with \`medallion run --rebuild\`.`,
    { day, file },
  );
}

/** The days of the data set that have rows, those that the transaction changes as it changes them. */
function knownDays({ transaction, dataset, changed = [] }: GoldPlace) {
  const days = new Map<Day, { readonly rows: number; readonly paths?: readonly string[] }>();
  for (const { dataset: name, day, rows } of transaction.state.partitions.values()) {
    if (name === dataset.name && rows > 0) days.set(day, { rows });
  }
  for (const { day, paths, totals } of changed) {
    if (paths.length === 0) days.delete(day);
    else days.set(day, { rows: totals.rows, paths });
  }
  return days;
}

/** Finds the files of a day's silver; none where one of them is not there. */
async function standingFiles({ lake, transaction, dataset }: GoldPlace): Promise<(day: Day) => readonly LakePath[]> {
  const { silver } = dataset.folders;
  const entries = await lake.storage.list(await resolveInLake(lake, `silver/${silver}`));
  const there = new Set(entries.map(({ name }): LakePath => `silver/${silver}/${name}`));
  return (day) => {
    const files = partitionFiles(transaction.state, silver, day, "parquet");
    return files.every((file) => there.has(file)) ? files : [];
  };
}

function resolveAll(lake: Lake, files: readonly LakePath[]): Promise<string[]> {
  return Promise.all(files.map((file) => resolveInLake(lake, file)));
}
