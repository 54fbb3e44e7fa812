import type { Lake, Transaction } from "@medallion/lake";
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
  readonly file: LakePath;
  /** Absolute path of the file, which is another one while it is staged. */
  readonly path: string;
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
  const standing = await standingDays(lake, folder);
  const known = knownDays(place);
  const partitions: DayPartition[] = [];
  for (const [day, { rows, path }] of known) {
    if (day < start || day > end) continue;
    const file = silverPath(folder, day, "parquet");
    if (path !== undefined) partitions.push({ kind: "rows", day, rows, path, file });
    else if (standing.has(day)) {
      partitions.push({ kind: "rows", day, rows, path: await resolveInLake(lake, file), file });
    } else if (!isSealed(transaction.state, day)) throw silverMissing(day, file);
  }
  for (const day of sealedDays(transaction.state)) {
    const hasRows = standing.has(day) || changed.some((input) => input.day === day && input.path !== null);
    if (day < start || day > end || hasRows) continue;
    const file = dailyPath(day);
    partitions.push({ kind: "rolled up", day, rows: null, path: await resolveInLake(lake, file), file });
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
  const days = new Map<Day, { readonly rows: number; readonly path?: string }>();
  for (const { dataset: name, day, rows } of transaction.state.partitions.values()) {
    if (name === dataset.name && rows > 0) days.set(day, { rows });
  }
  for (const { day, path, totals } of changed) {
    if (path === null) days.delete(day);
    else days.set(day, { rows: totals.rows, path });
  }
  return days;
}

async function standingDays(lake: Lake, folder: string): Promise<Set<Day>> {
  const entries = await lake.storage.list(await resolveInLake(lake, `silver/${folder}`));
  return new Set(entries.flatMap(({ name }) => /^([0-9]{8})\.parquet$/.exec(name)?.slice(1, 2) ?? []));
}
