import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, join as joinSql, openDuckDb, sql } from "@medallion/engine";
import { dailyAnalytics } from "@medallion/schema/gold";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dailyDocument } from "./document.ts";
import { dailyRows } from "./rows.ts";

/** A silver row of a task, as far as gold reads it. */
interface TaskRow {
  readonly task_id: string;
  readonly status: string;
  readonly master: string | null;
  readonly micros: number | null;
}

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "medallion-gold-"));
  engine = await openDuckDb({ timeZone: "UTC", folders: [folder], temporaryFolder: join(folder, "spill"), threads: 2 });
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const totals = {
  dataset: "tasks",
  day: "20251127",
  read: 0,
  accepted: 0,
  duplicate: 0,
  quarantined: 0,
  superseded: 0,
  rows: 0,
  sources: [],
  rejects: {},
  warnings: {},
  rules: null,
  commit: 1,
  retired: false,
};

async function documentOf(rows: readonly TaskRow[]) {
  const day = "20251127";
  const context = { day, timeZone: "UTC", generatedAt: 0n, rulesVersion: "1.0.0+test", totals, inputs: [] };
  if (rows.length === 0) return dailyDocument(await dailyRows(engine, []), context);
  const selects = rows.map(
    (row, index) => sql`SELECT ${row.task_id} AS task_id, ${row.status} AS status,
      TIMESTAMPTZ '2025-11-27 00:00:00+00' + to_seconds(${index}) AS "timestamp", CAST(${row.master} AS VARCHAR) AS master,
      CAST(NULL AS VARCHAR) AS priority, CAST(NULL AS VARCHAR) AS "type", CAST(${row.micros} AS DOUBLE) / 1000000 AS duration_seconds,
      ${row.status === "completed"} AS is_success, ${row.status === "failed"} AS is_failure, ${row.status === "cancelled"} AS is_cancelled`,
  );
  const path = join(folder, `${day}.parquet`);
  await engine.execute(sql`COPY (${joinSql(selects, sql` UNION ALL `)}) TO ${path} (FORMAT parquet)`);
  return dailyDocument(await dailyRows(engine, [{ path, partition: day }]), context);
}

/** The latest state of each task, in plain arithmetic. */
function slowly(rows: readonly TaskRow[]) {
  const tasks = [...new Map(rows.map((row) => [row.task_id, row])).values()];
  const count = (status: string, of = tasks) => of.filter((task) => task.status === status).length;
  const durations = tasks.flatMap((task) => task.micros ?? []);
  const masters = [...new Set(tasks.map((task) => task.master ?? "unassigned"))].sort();
  return {
    total: tasks.length,
    completed: count("completed"),
    failed: count("failed"),
    cancelled: count("cancelled"),
    fast: durations.filter((micros) => micros < 30_000_000).length,
    slow: durations.filter((micros) => micros > 60_000_000).length,
    durations,
    masters: masters.map((master) => [master, tasks.filter((task) => (task.master ?? "unassigned") === master).length]),
  };
}

describe("a daily document", () => {
  it("counts each task in its latest state, as slow arithmetic does", async () => {
    const row = fc.record({
      task_id: fc.constantFrom("a", "b", "c", "d", "e"),
      status: fc.constantFrom("completed", "failed", "cancelled", "queued"),
      master: fc.option(fc.constantFrom("m", "'; drop table x; --", "\\", "\u0024{x}")),
      micros: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const document = await documentOf(rows);
        expect(dailyAnalytics.safeParse(document).success).toBe(true);
        const slow = slowly(rows);
        expect(document.summary).toMatchObject({
          total_tasks: slow.total,
          completed_tasks: slow.completed,
          failed_tasks: slow.failed,
          cancelled_tasks: slow.cancelled,
        });
        expect(document.by_master.map(({ master, total }) => [master, total])).toEqual(slow.masters);
        const normal = slow.durations.length - slow.fast - slow.slow;
        expect(document.performance.buckets).toEqual({ fast: slow.fast, normal, slow: slow.slow });
        const sum = slow.durations.reduce((total, micros) => total + micros, 0);
        if (slow.durations.length === 0) expect(document.summary.avg_duration_seconds).toBeNull();
        else expect(document.summary.avg_duration_seconds).toBeCloseTo(sum / slow.durations.length / 1e6, 2);
      }),
      { numRuns: 60 },
    );
  });

  it("puts durations of exactly 30 and 60 seconds in the middle bucket", async () => {
    const rows = [29_999_999, 30_000_000, 60_000_000, 60_000_001].map((micros, index) => ({
      task_id: `t${index}`,
      status: "completed",
      master: null,
      micros,
    }));
    expect((await documentOf(rows)).performance.buckets).toEqual({ fast: 1, normal: 2, slow: 1 });
  });

  it("is all zeros and nulls for a day whose records were all set aside", async () => {
    expect(await documentOf([])).toMatchObject({
      summary: { total_tasks: 0, completion_rate: null, success_rate: null, avg_duration_seconds: null },
      by_master: [],
      performance: { p50_duration: null, buckets: { fast: 0, normal: 0, slow: 0 } },
    });
  });
});
