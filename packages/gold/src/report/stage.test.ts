import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { testEngines } from "@medallion/engine/testing";
import { tasks } from "@medallion/schema";
import { masterReport } from "@medallion/schema/gold";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { stagedChanges } from "../changes/staged-changes.ts";
import { stageDocuments } from "../stale/stage.ts";
import { staleDocuments } from "../stale/stale-documents.ts";
import { dayAt, type GoldLake, openGoldLake, retire, stageSilver, type TaskRow } from "../testing/gold-lake.ts";
import { stageReport } from "./stage.ts";

const LONG_NAME = "Sécurité ".repeat(40);
const row = (
  task_id: string,
  day: number,
  status: string,
  micros: number | null,
  master: string | null,
  error?: string,
): TaskRow => ({
  ...{ task_id, day, status, micros, master, second: 1 },
  ...(error === undefined ? {} : { error }),
});
const ROWS = [
  { ...row("b", 6, "failed", null, "other"), second: 0 },
  row("b", 6, "failed", 61_500_000, LONG_NAME, '"lost \\"it\\"\\n  \\"failures\\": [],"'),
  row("a", 6, "completed", 500_000, LONG_NAME),
  row("c", 6, "failed", null, LONG_NAME, '{"code":7}'),
  row("d", 6, "completed", 1_000_000, "other"),
  row("e", 6, "cancelled", 1_000_000, null),
  row("a", 1, "queued", null, LONG_NAME),
  row("f", 0, "completed", 1, LONG_NAME),
];

describe.each(testEngines)("a master's report on $name", (testEngine) => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let place: GoldLake;

  beforeAll(async () => {
    place = await openGoldLake("Europe/Berlin", testEngine);
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, ROWS),
      result: undefined,
    }));
  });

  afterAll(() => place.close());

  const reportOf = async (master: string, day: number) => {
    const { path, document } = await place.change(async (transaction) => ({
      result: await stageReport({ ...place, transaction, dataset: tasks, master, day: dayAt(day), generatedAt: 0n }),
    }));
    const report = masterReport.parse(JSON.parse(await readFile(join(place.lake.root, path), "utf8")));
    const { task_list: _, failures: __, ...numbers } = report;
    expect(numbers).toEqual(document);
    return { path, report };
  };

  it("lists the tasks whose latest state of the day is the master's", async () => {
    const { report } = await reportOf(LONG_NAME, 6);
    expect(report).toMatchObject({
      master: LONG_NAME,
      date: "20251130",
      metrics: { total_tasks: 3, completed: 1, failed: 2, completion_rate: 33.3, avg_duration: 31, max_duration: 61.5 },
      task_list: [
        {
          ...{ task_id: "a", status: "completed", duration_seconds: 0.5 },
          ...{ created_at: "2025-11-29T23:00:00.000000Z", completed_at: "2025-11-29T23:00:00.500000Z" },
        },
        { task_id: "b", duration_seconds: 61.5 },
        { task_id: "c", duration_seconds: null, completed_at: null },
      ],
      failures: [
        { task_id: "b", error: 'lost "it"\n  "failures": [],' },
        { task_id: "c", error: '{"code":7}' },
      ],
      slowest: [{ task_id: "b" }, { task_id: "a" }],
    });
    expect(report.trend.map(({ date, total }) => [date, total])).toEqual([
      ...[
        ["20251124", 1],
        ["20251125", 1],
        ["20251126", 0],
        ["20251127", 0],
      ],
      ...[
        ["20251128", 0],
        ["20251129", 0],
        ["20251130", 3],
      ],
    ]);
  });

  it("knows tasks without a master, and masters without a task", async () => {
    expect((await reportOf("unassigned", 6)).report.task_list.map(({ task_id }) => task_id)).toEqual(["e"]);
    const { report } = await reportOf("nobody", 6);
    expect(report).toMatchObject({ metrics: { total_tasks: 0, avg_duration: null }, task_list: [], failures: [] });
  });

  it("is listed as stale with the days of its trend, made anew, and says which numbers changed", async () => {
    const { path } = await reportOf(LONG_NAME, 6);
    const changes = await place.change(async (transaction) => {
      const late = [...ROWS.filter(({ day }) => day === 6), row("g", 6, "completed", 1_000_000, LONG_NAME)];
      const partitions = await stageSilver(place, transaction, late);
      const [counts] = partitions;
      const staged = await transaction.stage("silver/processed-tasks/20251130.parquet");
      const changed = [
        { day: dayAt(6), paths: [staged], totals: { ...counts!, rules: null, commit: 2, retired: false } },
      ];
      const plan = staleDocuments(transaction.state, [dayAt(6)]).filter((document) => document.path === path);
      const shared = { ...place, transaction, dataset: tasks, changed };
      const paths = await stageDocuments({ ...shared, plan, generatedAt: 1n });
      return { partitions, result: await stagedChanges({ ...shared, paths }) };
    });
    expect(changes).toContainEqual({ document: path, path: "metrics.total_tasks", from: 3, to: 4 });
    expect(changes).toContainEqual({ document: path, path: "trend[date=20251130].completed", from: 1, to: 2 });
  });

  it("has days of its trend from roll-ups, and cannot be made when its own rows are retired", async () => {
    const before = await reportOf(LONG_NAME, 6);
    await retire(place, [dayAt(0), dayAt(1)]);
    const { report } = await reportOf(LONG_NAME, 6);
    expect(report.trend).toEqual(before.report.trend);
    await expect(reportOf(LONG_NAME, 1)).rejects.toMatchObject({ code: "SILVER_RETIRED" });
  });
});
