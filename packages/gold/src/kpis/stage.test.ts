import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { testEngines } from "@medallion/engine/testing";
import { tasks } from "@medallion/schema";
import { type Kpis, kpis, weeklyAnalytics } from "@medallion/schema/gold";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { dayAt, type GoldLake, openGoldLake, retire, stageSilver, type TaskRow } from "../testing/gold-lake.ts";
import { stageWeekly } from "../weekly/stage.ts";
import { stageKpis } from "./stage.ts";

const task = (task_id: string, day: number, status: string, seconds: number | null, master = "m"): TaskRow => ({
  ...{ task_id, day, status, master, second: 0 },
  micros: seconds === null ? null : seconds * 1e6,
});

/** Three tasks on Monday to Wednesday of one week, of which one is queued first, and one in the week after. */
const ROWS = [
  task("a", 0, "queued", null),
  task("b", 0, "failed", 10),
  task("a", 2, "completed", 20),
  task("c", 2, "completed", 70, "n"),
  task("d", 8, "completed", 40),
];

describe.each(testEngines)("on $name", (testEngine) => {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let place: GoldLake;

  beforeAll(async () => {
    place = await openGoldLake("UTC", testEngine);
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, ROWS),
      result: undefined,
    }));
  });

  afterAll(() => place.close());

  const kpisOf = (start: number, end: number) =>
    place.change(async (transaction) => ({
      result: await stageKpis({
        ...{ ...place, transaction, dataset: tasks, start: dayAt(start), end: dayAt(end), generatedAt: 0n },
      }),
    }));

  const weekOfDay = (day: number) =>
    place.change(async (transaction) => ({
      result: await stageWeekly({ ...place, transaction, dataset: tasks, day: dayAt(day), generatedAt: 0n }),
    }));

  it("stages the KPIs of a range, in which a task counts once, beside the range before", async () => {
    const { path, document } = await kpisOf(2, 3);
    expect(path).toBe("gold/kpis/kpis-20251126-to-20251127.json");
    expect(kpis.parse(JSON.parse(await readFile(join(place.lake.root, path), "utf8")))).toEqual(document);
    expect(document.kpis).toMatchObject({
      ...{ days: 2, total_tasks: 2, completed_tasks: 2, avg_completion_rate: 100, avg_task_duration: 45 },
      ...{ min_duration: 20, p50_duration: 45, max_duration: 70, throughput_per_day: 1 },
      buckets: { fast: 1, normal: 0, slow: 1 },
    });
    expect(document.daily.map(({ date, total }) => [date, total])).toEqual([
      ["20251126", 2],
      ["20251127", 0],
    ]);
    expect(document.by_master.map(({ master, total }) => [master, total])).toEqual([
      ["m", 1],
      ["n", 1],
    ]);
    expect(document.change).toMatchObject({
      date_range: { start: "20251124", end: "20251125" },
      kpis: {
        total_tasks: { before: 2, absolute: 0, percent: 0 },
        avg_completion_rate: { before: 0, absolute: 100, percent: null },
        avg_task_duration: { before: 10, absolute: 35, percent: 350 },
      },
    });
    expect(document.inputs).toEqual([
      { file: "silver/processed-tasks/20251124.parquet", rows: 2 },
      { file: "silver/processed-tasks/20251126.parquet", rows: 2 },
    ]);
    const whole = await kpisOf(0, 2);
    expect(whole.document.kpis).toMatchObject({ total_tasks: 3, completed_tasks: 2, avg_completion_rate: 66.7 });
  });

  it("stages the analytics of an ISO week, with its days and the week before", async () => {
    const { path, document } = await weekOfDay(9);
    expect(path).toBe("gold/analytics/weekly-2025-W49.json");
    expect(weeklyAnalytics.parse(JSON.parse(await readFile(join(place.lake.root, path), "utf8")))).toEqual(document);
    expect(document).toMatchObject({
      date_range: { start: "20251201", end: "20251207" },
      summary: { total_tasks: 1, completion_rate: 100 },
      by_status: [{ status: "completed", count: 1, percentage: 100 }],
      quality: { read: 1, rows: 1 },
      change: { summary: { total_tasks: { before: 3, absolute: -2, percent: -66.7 } } },
    });
    expect(document.daily.map(({ total }) => total)).toEqual([0, 1, 0, 0, 0, 0, 0]);
  });

  it("takes the partitions that the transaction changes, and leaves out those that it empties", async () => {
    const made: Kpis[] = [];
    const abandoned = place.change(async (transaction) => {
      const [counts] = await stageSilver(place, transaction, [task("z", 8, "failed", 5)]);
      const path = await transaction.stage("silver/processed-tasks/20251202.parquet");
      const totals = { ...counts!, rules: null, commit: 2, retired: false };
      const changed = [
        { day: dayAt(8), paths: [path], totals },
        { day: dayAt(2), paths: [], totals: { ...totals, day: dayAt(2), rows: 0 } },
      ];
      const range = { start: dayAt(2), end: dayAt(8) };
      made.push(
        (await stageKpis({ ...place, transaction, dataset: tasks, ...range, changed, generatedAt: 0n })).document,
      );
      throw new Error("abandoned");
    });
    await expect(abandoned).rejects.toThrow("abandoned");
    expect(made[0]?.kpis).toMatchObject({ total_tasks: 1, failed_tasks: 1, avg_task_duration: 5 });
  });

  it("is all zeros and nulls for a range without tasks, and refuses one of more than a hundred years", async () => {
    const { document } = await kpisOf(100, 101);
    expect(document.kpis).toMatchObject({ total_tasks: 0, avg_completion_rate: null, p95_duration: null });
    expect(document.basis).toEqual({ rows: [], rolled_up: [], percentiles: "exact" });
    await expect(kpisOf(0, 40_000)).rejects.toMatchObject({ code: "RANGE_TOO_LONG" });
  });

  it("says what was rolled up, and misses silver that is gone without a roll-up", async () => {
    const before = await kpisOf(0, 8);
    await retire(place, [dayAt(0)]);
    const { document } = await kpisOf(0, 8);
    expect(document.basis).toEqual({
      rows: [{ start: "20251126", end: "20251202" }],
      rolled_up: [{ start: "20251124", end: "20251124" }],
      percentiles: "sketch (relative error 0.5 %)",
    });
    const exact = ["total_tasks", "completed_tasks", "failed_tasks", "avg_task_duration", "buckets"] as const;
    for (const name of exact) expect(document.kpis[name]).toEqual(before.document.kpis[name]);
    expect(document.daily).toEqual(before.document.daily);
    expect((await weekOfDay(0)).document.summary.total_tasks).toBe(3);
    await place.change(async (transaction) => {
      transaction.remove("silver/processed-tasks/20251126.parquet");
      return { result: undefined };
    });
    await expect(kpisOf(0, 8)).rejects.toMatchObject({ code: "SILVER_MISSING", facts: { day: "20251126" } });
  });
});
