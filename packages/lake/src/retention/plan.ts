import { type BronzeFile, listBronze } from "../bronze/bronze-files.ts";
import { type PartChoice, takesPart } from "../bronze/parts.ts";
import { bytesRead, checkBronze } from "../bronze/pending.ts";
import type { PartitionTotals } from "../commits/partition-totals.ts";
import { type LakeState, partitionKey } from "../commits/state.ts";
import { LakeError } from "../errors.ts";
import { isCount } from "../fields.ts";
import type { Lake } from "../lake.ts";
import type { LakePath } from "../layout/paths.ts";
import { type Day, numberOfDay } from "../time/calendar.ts";
import { checkDay } from "../time/days.ts";
import { filesByDay, type SizedFile } from "./files-by-day.ts";

/** How long the files of a data set are kept. */
export interface DatasetRetention {
  readonly name: string;
  readonly bronzeFolder: string;
  /** The folders of silver with files of its partitions: `processed-tasks`. */
  readonly silverFolders: readonly string[];
  /** The files of the bronze folder that are the data set's. Default: all. */
  readonly part?: PartChoice;
  /** In days after its day of ingestion. */
  readonly bronze: number | "never";
  /** In days after its day. */
  readonly silver: number | "never";
}

/** What is kept beside what the policy keeps. */
export interface RetentionOptions {
  /** Silver that something else still needs is kept. Default: none. */
  readonly needed?: (partition: PartitionTotals) => boolean;
}

/**
 * Why something is kept: `for ever` and `young` by the policy; `unread`: no commit has read all of it; `silver`: silver
 * that is kept was made from it; `bronze`: the bronze of that day is kept; `needed`: the caller says so.
 */
export type KeptReason = "for ever" | "young" | "unread" | "silver" | "bronze" | "needed";

/** A bronze file, a silver partition, or the quarantine of a day of ingestion. */
export interface RetentionItem {
  readonly dataset: string;
  readonly layer: "bronze" | "silver" | "quarantine";
  readonly day: Day;
  /** A silver partition without rows has none. */
  readonly files: readonly SizedFile[];
  /** Null: it goes. */
  readonly kept: KeptReason | null;
}

/** What would go and what is kept. Plain data: planning changes nothing and opens no data file. */
export interface RetentionPlan {
  readonly today: Day;
  readonly items: readonly RetentionItem[];
}

/**
 * Plans what goes because of its age. Silver goes by its own day, bronze by the day in its name, but only when all of it
 * was promoted and no silver that was made from it stays, so that a rebuild never needs what is gone; quarantine goes
 * with the bronze of its day of ingestion. Gold never goes. "Older than N days" means more than N days before `today`.
 * @param today in the lake's time zone
 * @throws LakeError `RETENTION_INVALID` for a number of days that is none
 * @throws LakeError `BRONZE_TRUNCATED` when a bronze file has lost bytes
 * @throws LakeError `PATH_OUTSIDE_LAKE`, `NAME_INVALID`, `DAY_INVALID`, `STORAGE_FAILED`
 */
export async function planRetention(
  lake: Lake,
  state: LakeState,
  policy: readonly DatasetRetention[],
  today: Day,
  options: RetentionOptions = {},
): Promise<RetentionPlan> {
  checkDay(today);
  for (const dataset of policy) checkPolicy(dataset);
  const items: RetentionItem[] = [];
  for (const dataset of policy) {
    const silver = await planSilver(lake, state, dataset, today, options);
    const bronze = await planBronze(lake, state, dataset, today, silver);
    items.push(...bronze, ...silver, ...(await planQuarantine(lake, dataset, today, bronze)));
  }
  return { today, items };
}

async function planSilver(
  lake: Lake,
  state: LakeState,
  dataset: DatasetRetention,
  today: Day,
  options: RetentionOptions,
): Promise<RetentionItem[]> {
  const folders = dataset.silverFolders.map((folder): LakePath => `silver/${folder}`);
  const files = await filesByDay(lake, folders);
  const items: RetentionItem[] = [];
  for (const partition of state.partitions.values()) {
    if (partition.dataset !== dataset.name || partition.retired) continue;
    const byAge = keptByAge(partition.day, dataset.silver, today);
    const kept = byAge ?? (options.needed?.(partition) === true ? "needed" : null);
    const { day } = partition;
    items.push({ dataset: dataset.name, layer: "silver", day, files: files.get(day) ?? [], kept });
  }
  return items.sort(byDay);
}

async function planBronze(
  lake: Lake,
  state: LakeState,
  dataset: DatasetRetention,
  today: Day,
  silver: readonly RetentionItem[],
): Promise<RetentionItem[]> {
  const listed = await listBronze(lake, dataset.bronzeFolder);
  checkBronze(state, dataset.bronzeFolder, listed);
  const needed = sourcesOf(state, silver);
  const keptOf = (file: BronzeFile): KeptReason | null => {
    const byAge = keptByAge(file.day, dataset.bronze, today);
    if (byAge !== null) return byAge;
    if (bytesRead(state, file.path) < file.size) return "unread";
    return needed.has(file.path) ? "silver" : null;
  };
  return listed
    .filter((file) => dataset.part === undefined || takesPart(dataset.part, file.part))
    .map((file) => ({
      dataset: dataset.name,
      layer: "bronze" as const,
      day: file.day,
      files: [{ file: file.path, bytes: file.size }],
      kept: keptOf(file),
    }));
}

/** The bronze files of silver that stays. */
function sourcesOf(state: LakeState, silver: readonly RetentionItem[]): Set<LakePath> {
  const sources = new Set<LakePath>();
  for (const { dataset, day, kept } of silver) {
    if (kept === null) continue;
    for (const source of state.partitions.get(partitionKey(dataset, day))?.sources ?? []) sources.add(source);
  }
  return sources;
}

async function planQuarantine(
  lake: Lake,
  dataset: DatasetRetention,
  today: Day,
  bronze: readonly RetentionItem[],
): Promise<RetentionItem[]> {
  // A writer that began before midnight may still add to the file of the day before.
  const isNear = (day: Day) => bronze.some((item) => item.kept !== null && Math.abs(distance(item.day, day)) <= 1);
  const files = await filesByDay(lake, [`silver/quarantine/${dataset.name}`]);
  return [...files]
    .map(([day, found]) => ({
      dataset: dataset.name,
      layer: "quarantine" as const,
      day,
      files: found,
      kept: keptByAge(day, dataset.bronze, today) ?? (isNear(day) ? ("bronze" as const) : null),
    }))
    .sort(byDay);
}

function keptByAge(day: Day, days: number | "never", today: Day): KeptReason | null {
  if (days === "never") return "for ever";
  return distance(day, today) > days ? null : "young";
}

/** In days; not a number, which is more than none, for a text that is no day. */
function distance(from: Day, to: Day): number {
  return (numberOfDay(to) ?? Number.NaN) - (numberOfDay(from) ?? Number.NaN);
}

function checkPolicy({ name, bronze, silver }: DatasetRetention): void {
  for (const [layer, days] of [["bronze", bronze] as const, ["silver", silver] as const]) {
    if (days === "never" || isCount(days)) continue;
    throw new LakeError(
      "RETENTION_INVALID",
      `Expected a whole number of days or "never" for how long ${layer} of ${name} is kept, found ${days}.`,
      { dataset: name, layer, found: days },
    );
  }
}

function byDay(a: RetentionItem, b: RetentionItem): number {
  return a.day < b.day ? -1 : a.day > b.day ? 1 : 0;
}
