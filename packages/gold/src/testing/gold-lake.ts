import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, identifier, join as joinSql, openDuckDb, sql } from "@medallion/engine";
import {
  acquireLock,
  addDays,
  beginTransaction,
  type Day,
  dayBounds,
  initLake,
  type Lake,
  type PartitionCounts,
  silverPath,
  type Transaction,
} from "@medallion/lake";
import { tasks } from "@medallion/schema";
import { sealDays } from "../rollup/seal.ts";

export const FIRST_DAY = "20251124";

/** A silver row of a task, as far as gold reads it. */
export interface TaskRow {
  readonly task_id: string;
  /** Days after `FIRST_DAY`. */
  readonly day: number;
  /** After the start of the day. */
  readonly second: number;
  readonly status: string;
  readonly master: string | null;
  readonly type?: string | null;
  readonly micros: number | null;
  /** JSON text. */
  readonly error?: string;
}

/** A lake in a folder of its own, and an engine that may read it. */
export interface GoldLake {
  readonly lake: Lake;
  readonly engine: Engine;
  /** Changes the lake in one commit. */
  change<T>(work: (transaction: Transaction) => Promise<Changed<T>>): Promise<T>;
  close(): Promise<void>;
}

interface Changed<T> {
  readonly partitions?: readonly PartitionCounts[];
  readonly result: T;
}

export async function openGoldLake(timeZone = "UTC"): Promise<GoldLake> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-gold-")));
  const { lake } = await initLake(join(folder, "lake"), { timeZone });
  const engine = await openDuckDb({ timeZone, folders: [folder], temporaryFolder: join(folder, "spill"), threads: 2 });
  return {
    lake,
    engine,
    async change(work) {
      const lock = await acquireLock(lake, { command: "test" });
      const transaction = await beginTransaction(lake, lock);
      try {
        const { partitions = [], result } = await work(transaction);
        await transaction.commit({ command: "test", version: "0", reads: [], partitions, rules: {} });
        return result;
      } finally {
        await transaction.abort();
        await lock.release();
      }
    },
    async close() {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function dayAt(index: number): Day {
  return addDays(FIRST_DAY, index);
}

/** Stages silver of every day that has rows; returns its counts. */
export async function stageSilver(
  { lake, engine }: Pick<GoldLake, "lake" | "engine">,
  transaction: Transaction,
  rows: readonly TaskRow[],
): Promise<PartitionCounts[]> {
  const counts: PartitionCounts[] = [];
  for (const index of new Set(rows.map((row) => row.day))) {
    const day = dayAt(index);
    const ofDay = rows.filter((row) => row.day === index);
    const path = await transaction.stage(silverPath(tasks.folders.silver, day, "parquet"));
    const { start } = dayBounds(day, lake.timeZone);
    const text = (value: string | null) => sql`CAST(${value} AS VARCHAR)`;
    const selects = ofDay.map((row) => {
      const at = start + BigInt(row.second) * 1_000_000n;
      return sql`SELECT ${row.task_id} AS task_id, ${row.status} AS status, ${engine.dialect.instantOfMicros(sql`${at}`)} AS ${identifier("timestamp")},
        ${text(row.master)} AS master, ${text(null)} AS priority, ${text(row.type ?? null)} AS ${identifier("type")}, ${text(row.error ?? null)} AS error,
        ${engine.dialect.instantOfMicros(sql`${start}`)} AS created_at,
        CASE WHEN ${row.micros} IS NOT NULL THEN ${engine.dialect.instantOfMicros(sql`${start + BigInt(row.micros ?? 0)}`)} END AS completed_at,
        CAST(${row.micros} AS DOUBLE) / 1000000 AS duration_seconds,
        ${row.status === "completed"} AS is_success, ${row.status === "failed"} AS is_failure, ${row.status === "cancelled"} AS is_cancelled`;
    });
    await engine.execute(sql`COPY (${joinSql(selects, sql` UNION ALL `)}) TO ${path} (FORMAT parquet)`);
    counts.push({ ...balanced(day, ofDay.length), rebuilt: true });
  }
  return counts;
}

/** Seals days and removes their silver, as retention does. */
export async function retire(place: GoldLake, days: readonly Day[]): Promise<void> {
  await place.change(async (transaction) => {
    await sealDays({ ...place, transaction, dataset: tasks, days, generatedAt: 0n });
    for (const day of days) transaction.remove(silverPath(tasks.folders.silver, day, "parquet"));
    return { result: undefined };
  });
}

function balanced(day: Day, rows: number): PartitionCounts {
  const none = { duplicate: 0, quarantined: 0, superseded: 0, sources: [], rejects: {}, warnings: {} };
  return { dataset: tasks.name, day, read: rows, accepted: rows, rows, rebuilt: true, ...none };
}

/** The latest state of each task in a range of days, in plain arithmetic. */
export function latestOf(rows: readonly TaskRow[], from: number, to: number): TaskRow[] {
  const inOrder = rows
    .filter(({ day }) => day >= from && day <= to)
    .sort((a, b) => a.day - b.day || a.second - b.second);
  return [...new Map(inOrder.map((row) => [row.task_id, row])).values()];
}
