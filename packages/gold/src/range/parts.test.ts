import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import { partitionFiles, partitionKey } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stageDaily } from "../daily/stage.ts";
import { stageKpis } from "../kpis/stage.ts";
import { stageReport } from "../report/stage.ts";
import { retiredTasksFiles, sealedDays } from "../rollup/paths.ts";
import { dayAt, type GoldLake, openGoldLake, retire, stageSilver, type TaskRow } from "../testing/gold-lake.ts";
import { stageWeekly } from "../weekly/stage.ts";

const DAYS = 3;

const row = fc.record({
  task_id: fc.constantFrom("a", "b", "c", "d", "e", "f"),
  day: fc.integer({ min: 0, max: DAYS - 1 }),
  second: fc.integer({ min: 0, max: 3 }),
  status: fc.constantFrom("completed", "failed", "cancelled", "queued"),
  master: fc.option(fc.constantFrom("m", "n")),
  micros: fc.option(fc.integer({ min: 0, max: 100_000_000 })),
});
const rowsArbitrary = fc.uniqueArray(row, {
  minLength: 6,
  maxLength: 30,
  selector: ({ task_id, day, second }) => `${day} ${second} ${task_id}`,
});

/** Every document of gold of some rows, before and after all days but the last are retired, one after the other. */
async function documentsOf(testEngine: TestEngine, rows: readonly TaskRow[], partBytes: number) {
  const place = await openGoldLake("UTC", testEngine, { partBytes });
  try {
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, rows),
      result: undefined,
    }));
    const silver = await place.change(async ({ state }) => ({ result: state.silver.size }));
    const paths = await stageAll(place);
    const standing = await Promise.all(paths.map((path) => readFile(join(place.lake.root, path), "utf8")));
    const days = [...new Set(rows.map(({ day }) => day))].sort();
    for (const day of days.slice(0, Math.max(1, days.length - 1))) await retire(place, [dayAt(day)]);
    const later = await stageRange(place);
    const retired = await Promise.all(later.map((path) => readFile(join(place.lake.root, path), "utf8")));
    const lists = await place.change(async ({ state }) => ({
      result: sealedDays(state).map((day) => retiredTasksFiles(state, day).length),
    }));
    return { silver, lists, documents: [...standing, ...retired] };
  } finally {
    await place.close();
  }
}

async function stageAll(place: GoldLake): Promise<LakePath[]> {
  const daily = await place.change(async (transaction) => {
    const days = [];
    for (const { day } of [...transaction.state.partitions.values()].sort((a, b) => (a.day < b.day ? -1 : 1))) {
      const totals = transaction.state.partitions.get(partitionKey(tasks.name, day));
      const files = partitionFiles(transaction.state, tasks.folders.silver, day, "parquet");
      const paths = await Promise.all(files.map((file) => resolveInLake(place.lake, file)));
      if (totals !== undefined) days.push({ day, paths, totals });
    }
    return { result: await stageDaily({ ...place, transaction, dataset: tasks, days, generatedAt: 0n }) };
  });
  const report = await place.change(async (transaction) => ({
    result: await stageReport({
      ...{ ...place, transaction, dataset: tasks, master: "m", day: dayAt(DAYS - 1), generatedAt: 0n },
    }),
  }));
  return [...daily, report.path, ...(await stageRange(place))];
}

async function stageRange(place: GoldLake): Promise<LakePath[]> {
  return await place.change(async (transaction) => {
    const options = { ...place, transaction, dataset: tasks, generatedAt: 0n };
    const kpis = await stageKpis({ ...options, start: dayAt(0), end: dayAt(DAYS - 1) });
    const weekly = await stageWeekly({ ...options, day: dayAt(0) });
    return { result: [kpis.path, weekly.path] };
  });
}

describe.each(testEngines)("on $name", (testEngine) => {
  const isSlow = testEngine.name !== "duckdb";

  it("documents are the same, byte for byte, whatever parts silver and the tasks of retired days are in", {
    timeout: 900_000,
  }, async () => {
    const most = { silver: 0, list: 0 };
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, fc.integer({ min: 1, max: 200 }), async (rows, partBytes) => {
        const whole = await documentsOf(testEngine, rows, 1_000_000);
        const divided = await documentsOf(testEngine, rows, partBytes);
        expect(divided.documents).toEqual(whole.documents);
        expect(whole.silver).toBe(new Set(rows.map(({ day }) => day)).size);
        expect(new Set(whole.lists)).toEqual(new Set([1]));
        most.silver = Math.max(most.silver, divided.silver);
        most.list = Math.max(most.list, ...divided.lists);
      }),
      { numRuns: isSlow ? 1 : 4, ...(isSlow ? { endOnFailure: true } : {}) },
    );
    // The few rows of one draw may all have the same place in the order.
    if (!isSlow) expect([most.silver > DAYS, most.list > 1]).toEqual([true, true]);
  });
});
