import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listBronze } from "../bronze/bronze-files.ts";
import { measureRange } from "../bronze/measure.ts";
import { pendingBronze } from "../bronze/pending.ts";
import type { PartitionCounts, ReadRange } from "../commits/commit.ts";
import { type LakeState, partitionKey } from "../commits/state.ts";
import type { Lake } from "../lake.ts";
import { quarantinePath, silverPath } from "../layout/layout.ts";
import { acquireLock } from "../lock/lock.ts";
import { beginTransaction, type Transaction } from "../transaction/transaction.ts";

/** A bronze line of the simulation: `good 20251127` or `bad`, which is quarantined on its day of ingestion. */
interface Line {
  readonly file: string;
  readonly ingested: string;
  readonly day: string;
  readonly good: boolean;
}

export const DATASET = "tasks";
export const BRONZE = "raw-tasks";
export const SILVER = "processed-tasks";

/** Appends a line to the bronze of a day. */
export async function append(lake: Lake, ingested: string, line: string): Promise<void> {
  const file = join(lake.root, `bronze/${BRONZE}/${ingested}.jsonl`);
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${line}\n`);
}

/** Does work in a transaction, which is committed by the work or given up. */
export async function inTransaction<T>(lake: Lake, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  try {
    return await work(transaction);
  } finally {
    await transaction.abort();
    await lock.release();
  }
}

/** What a promotion does, in small: reads what is new, or all, and writes silver, quarantine and counts. */
export async function promoteAll(lake: Lake, rebuild: boolean): Promise<void> {
  await inTransaction(lake, async (transaction) => {
    const { state } = transaction;
    const pending = await pendingBronze(lake, state, DATASET, BRONZE);
    const all = (await listBronze(lake, BRONZE)).map((file) => ({ ...file, dataset: DATASET, from: 0 }));
    const files = rebuild ? all : pending;
    if (files.length === 0) return;
    const reads: ReadRange[] = [];
    const lines: Line[] = [];
    for (const { path, day, from, size } of files) {
      const previous = from === 0 ? "" : (state.files.get(path)?.running ?? "");
      const {
        to,
        lines: count,
        sha256,
        running,
      } = await measureRange(lake, path, from, size, previous, { final: true });
      reads.push({ dataset: DATASET, file: path, from, to, lines: count, sha256, running });
      const text = (await readFile(join(lake.root, path))).subarray(from, to).toString();
      for (const line of text.split("\n").filter(Boolean)) {
        const good = line.startsWith("good ");
        lines.push({ file: path, ingested: day, day: good ? line.slice(5) : day, good });
      }
    }
    const partitions = countsOf(state, lines, rebuild);
    await writeFiles(transaction, lines, partitions);
    await transaction.commit({ command: "run", version: "1", reads, partitions, rules: {} });
  });
}

function countsOf(state: LakeState, lines: readonly Line[], rebuild: boolean): PartitionCounts[] {
  const counts: PartitionCounts[] = [];
  const days = new Set(lines.map((line) => line.day));
  for (const day of days) {
    const retired = state.partitions.get(partitionKey(DATASET, day))?.retired === true;
    if (retired && rebuild) continue;
    const own = lines.filter((line) => line.day === day);
    const accepted = retired ? 0 : own.filter((line) => line.good).length;
    const sources = [...new Set(own.map((line) => line.file))].sort();
    const read = own.length;
    const rest = { duplicate: 0, superseded: 0, rejects: {}, warnings: {} };
    const quarantined = read - accepted;
    counts.push({
      dataset: DATASET,
      day,
      read,
      accepted,
      quarantined,
      rows: accepted,
      rebuilt: rebuild,
      sources,
      ...rest,
    });
  }
  if (!rebuild) return counts;
  const emptied = [...state.partitions.values()].filter((partition) => !days.has(partition.day));
  const none = { read: 0, accepted: 0, duplicate: 0, quarantined: 0, superseded: 0, rows: 0, sources: [] };
  return [
    ...counts,
    ...emptied.map(({ day }) => ({ dataset: DATASET, day, ...none, rebuilt: true, rejects: {}, warnings: {} })),
  ];
}

async function writeFiles(
  transaction: Transaction,
  lines: readonly Line[],
  partitions: readonly PartitionCounts[],
): Promise<void> {
  for (const { day, accepted } of partitions) {
    if (accepted === 0) continue;
    for (const format of ["jsonl", "parquet"] as const) {
      await writeFile(await transaction.stage(silverPath(SILVER, day, format)), `${day}\n`);
    }
  }
  for (const ingested of new Set(lines.filter((line) => !line.good).map((line) => line.ingested))) {
    await writeFile(await transaction.stage(quarantinePath(DATASET, ingested)), "bad\n");
  }
}
