import {
  type Commit,
  hasChangedRules,
  type Lake,
  type LakeState,
  type PartitionTotals,
  type PendingFile,
  pendingBronze,
  readState,
  recentCommits,
  takesPart,
} from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { DatasetStream } from "@medallion/schema";
import { sparkline } from "../chart.ts";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { staleGold } from "../pipeline/stale-gold.ts";
import { streamsOf } from "../streams.ts";
import { counted, grouped, printResult, table } from "../terminal.ts";

const DAYS_SHOWN = 14;
const RUNS_SHOWN = 5;

/** How one data set is. */
interface DatasetStatus {
  readonly dataset: string;
  /** Whether its rules have changed since silver was made. */
  readonly stale: boolean;
  readonly pending: readonly PendingFile[];
  readonly partitions: readonly PartitionTotals[];
}

/** `medallion status` */
export async function status(options: CommonOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const state = await readState(lake);
  const streams = await streamsOf(config);
  const datasets: DatasetStatus[] = [];
  for (const stream of streams) datasets.push(await statusOf(lake, state, stream));
  const gold = staleGold(state, "tasks");
  const last = state.lastCommit;
  const commits = await recentCommits(lake, state.last, RUNS_SHOWN);
  const document = {
    lake: lake.root,
    timezone: lake.timeZone,
    commits: state.last,
    last_run: last === null ? null : { commit: last.number, at: last.at, command: last.command },
    recent_runs: commits.map(({ number, at, command, partitions }) => ({
      commit: number,
      at,
      command,
      read: sum(partitions, "read"),
    })),
    datasets: datasets.map((item) => ({
      dataset: item.dataset,
      stale: item.stale,
      pending_bytes: pendingBytes(item.pending),
      last_day: lastDay(item.partitions),
      rows: sum(item.partitions, "rows"),
      quarantined: sum(item.partitions, "quarantined"),
    })),
    gold_out_of_date: gold,
    pending: datasets.flatMap(({ pending }) =>
      pending.map((file) => ({ file: file.path, bytes: file.size - file.from })),
    ),
    partitions: datasets.flatMap(({ partitions }) => partitions.map(partitionDocument)),
  };
  const pending = datasets.flatMap((item) => item.pending);
  printResult(options, document, [
    `Lake ${options.lake}, days in ${lake.timeZone}.`,
    last === null ? "No run yet." : `Last run: commit ${last.number} at ${last.at} (${last.command}).`,
    pending.length === 0
      ? "Bronze: nothing new."
      : `Bronze: ${grouped(pendingBytes(pending))} new bytes in ${counted(pending.length, "file")}. Next: medallion run`,
    ...datasets.flatMap((item) =>
      item.stale ? [`The rules of ${item.dataset} have changed: the next run recomputes its silver.`] : [],
    ),
    ...(gold.length === 0
      ? []
      : [`Gold of ${counted(gold.length, "day")} is missing or older than silver. Next: medallion run`]),
    ...overview(datasets),
    ...recentDays(datasets),
    ...recentRuns(commits),
  ]);
}

async function statusOf(lake: Lake, state: LakeState, stream: DatasetStream): Promise<DatasetStatus> {
  const pending = await pendingBronze(lake, state, stream.name, stream.folders.bronze);
  return {
    dataset: stream.name,
    stale: hasChangedRules(state, stream.name, stream.rulesHash),
    pending: pending.filter((file) => takesPart(stream.part, file.part)),
    partitions: [...state.partitions.values()]
      .filter((partition) => partition.dataset === stream.name)
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  };
}

function partitionDocument({ dataset, day, read, rows, duplicate, quarantined, superseded, retired }: PartitionTotals) {
  return { dataset, day, read, rows, duplicate, quarantined, superseded, ...(retired ? { retired } : {}) };
}

/** One line a data set. */
function overview(datasets: readonly DatasetStatus[]): string[] {
  const used = datasets.filter(({ partitions, pending }) => partitions.length + pending.length > 0);
  if (used.length === 0) return [];
  const rows = used.map(({ dataset, partitions, pending }) => [
    dataset,
    partitions.length,
    lastDay(partitions) ?? "-",
    sum(partitions, "rows"),
    sum(partitions, "duplicate") + sum(partitions, "superseded"),
    sum(partitions, "quarantined"),
    pendingBytes(pending),
    sparkline(partitions.slice(-DAYS_SHOWN).map(({ rows }) => rows)),
  ]);
  const header = ["data set", "days", "last day", "rows", "duplicates", "quarantined", "new bytes", ""];
  return ["", ...table(header, rows)];
}

/** The last days, of all data sets. */
function recentDays(datasets: readonly DatasetStatus[]): string[] {
  const all = datasets.flatMap(({ partitions }) => partitions);
  if (all.length === 0) return [];
  const days = [...new Set(all.map(({ day }) => day))].sort();
  const shown = new Set(days.slice(-DAYS_SHOWN));
  const rows = all
    .filter(({ day }) => shown.has(day))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
    .map(({ dataset, day, read, rows, duplicate, superseded, quarantined, retired }) => [
      day,
      retired ? `${dataset} (retired)` : dataset,
      read,
      rows,
      duplicate + superseded,
      quarantined,
    ]);
  const more = days.length > DAYS_SHOWN ? [`(the last ${DAYS_SHOWN} of ${days.length} days; --json has all)`] : [];
  return ["", ...table(["day", "data set", "read", "rows", "duplicates", "quarantined"], rows), ...more];
}

/** The last commits. */
function recentRuns(commits: readonly Commit[]): string[] {
  if (commits.length < 2) return [];
  const rows = commits.map(({ number, at, command, partitions }) => [
    `${number}`,
    at,
    command,
    sum(partitions, "read"),
  ]);
  return ["", ...table(["commit", "at", "command", "read"], rows)];
}

function pendingBytes(pending: readonly PendingFile[]): number {
  return pending.reduce((total, file) => total + file.size - file.from, 0);
}

function lastDay(partitions: readonly PartitionTotals[]): Day | null {
  return partitions.at(-1)?.day ?? null;
}

type Counted = "read" | "rows" | "duplicate" | "superseded" | "quarantined";

function sum(partitions: readonly Pick<PartitionTotals, Counted>[], of: Counted): number {
  return partitions.reduce((total, partition) => total + partition[of], 0);
}
