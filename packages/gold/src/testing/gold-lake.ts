import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, identifier, join as joinSql, type Sql, sql } from "@medallion/engine";
import { type TestEngine, type TestEngineOptions, testEngines } from "@medallion/engine/testing";
import {
  acquireLock,
  beginTransaction,
  initLake,
  type Lake,
  type PartitionCounts,
  partitionFiles,
  type Transaction,
} from "@medallion/lake";
import { silverPath } from "@medallion/lake/layout";
import { addDays, type Day, dayBounds, type Micros } from "@medallion/lake/time";
import { tasks } from "@medallion/schema";
import { sealDays } from "../rollup/seal.ts";

export const FIRST_DAY = "20251124";

const COLUMNS = [
  "task_id",
  "status",
  "timestamp",
  "master",
  "priority",
  "type",
  "error",
  "created_at",
  "completed_at",
  "duration_seconds",
  "is_success",
  "is_failure",
  "is_cancelled",
] as const;

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

const [duckDb] = testEngines;

export async function openGoldLake(
  timeZone = "UTC",
  testEngine: TestEngine | undefined = duckDb,
  options: Pick<TestEngineOptions, "partBytes"> = {},
): Promise<GoldLake> {
  if (testEngine === undefined) throw new TypeError("there is no engine to test with");
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-gold-")));
  const { lake } = await initLake(join(folder, "lake"), { timeZone });
  const engine = await testEngine.open({ timeZone, folder, ...options });
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
  const selects: Sql[] = [];
  const counts: PartitionCounts[] = [];
  for (const index of new Set(rows.map((row) => row.day))) {
    const day = dayAt(index);
    const ofDay = rows.filter((row) => row.day === index);
    const { start } = dayBounds(day, lake.timeZone);
    selects.push(...ofDay.map((row) => silverRow(engine, row, day, start)));
    counts.push(balanced(day, ofDay.length));
  }
  await engine.writePartitions({
    rows: sql`(${joinSql(selects, sql` UNION ALL `)})`,
    partitionBy: "day",
    orderBy: ["timestamp"],
    format: "parquet",
    columns: COLUMNS,
    partitions: counts.map(({ day }) => day),
    file: (day, part) => transaction.stage(silverPath(tasks.folders.silver, day, "parquet", part)),
  });
  return counts;
}

function silverRow(engine: Engine, row: TaskRow, day: Day, start: Micros): Sql {
  const { dialect } = engine;
  const instant = (micros: Micros) => dialect.instantOfMicros(sql`${micros}`);
  const text = (value: string | null) => (value === null ? sql`substr('', 1, NULL)` : sql`${value}`);
  const { status, micros } = row;
  const completed = micros === null ? dialect.isoInstant(text(null)) : instant(start + BigInt(micros));
  const values: Record<(typeof COLUMNS)[number], Sql> = {
    task_id: sql`${row.task_id}`,
    status: sql`${status}`,
    timestamp: instant(start + BigInt(row.second) * 1_000_000n),
    master: text(row.master),
    priority: text(null),
    type: text(row.type ?? null),
    error: text(row.error ?? null),
    created_at: instant(start),
    completed_at: completed,
    duration_seconds: micros === null ? sql`CAST(NULL AS DOUBLE)` : dialect.seconds(sql`${micros}`),
    is_success: sql`${status === "completed"}`,
    is_failure: sql`${status === "failed"}`,
    is_cancelled: sql`${status === "cancelled"}`,
  };
  const columns = COLUMNS.map((name) => sql`${values[name]} AS ${identifier(name)}`);
  return sql`SELECT ${day} AS ${identifier("day")}, ${joinSql(columns)}`;
}

/** Seals days and removes their silver, as retention does. */
export async function retire(place: GoldLake, days: readonly Day[]): Promise<void> {
  await place.change(async (transaction) => {
    await sealDays({ ...place, transaction, dataset: tasks, days, generatedAt: 0n });
    for (const day of days) {
      for (const file of partitionFiles(transaction.state, tasks.folders.silver, day, "parquet"))
        transaction.remove(file);
    }
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
