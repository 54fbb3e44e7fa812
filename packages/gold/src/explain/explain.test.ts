import { type Engine, identifier, join, type Row, sql } from "@medallion/engine";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import type { PartitionTotals } from "@medallion/lake";
import { dailyPath, silverPath } from "@medallion/lake/layout";
import { tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stageDaily } from "../daily/stage.ts";
import { FIRST_DAY, openGoldLake, stageSilver, type TaskRow } from "../testing/gold-lake.ts";
import { dailyNumbers, readDailyDocument } from "./daily.ts";
import { explainNumber, findNumber } from "./explain.ts";
import { type ExplainableRecord, explainColumns } from "./tasks.ts";

const FILE = "bronze/raw-tasks/20251124.jsonl";

/** Makes the document of a day, and the records that it was made of as a replay gives them. */
async function explainable(rows: readonly TaskRow[], testEngine?: TestEngine) {
  const place = await openGoldLake("UTC", testEngine);
  try {
    const records = await place.change(async (transaction) => {
      const partitions = await stageSilver(place, transaction, rows);
      const path = await transaction.stage(silverPath(tasks.folders.silver, FIRST_DAY, "parquet"));
      const totals = partitions.map((counts): PartitionTotals => {
        const { rebuilt: _, ...partition } = counts;
        return { ...partition, rules: null, commit: 1, retired: false };
      });
      const days = totals.map((total) => ({ day: FIRST_DAY, paths: [path], totals: total }));
      await stageDaily({ ...place, transaction, dataset: tasks, days, generatedAt: 0n });
      return { partitions, result: await recordsOf(place.engine, path) };
    });
    const document = await readDailyDocument(place.lake, FIRST_DAY);
    if (document === null) throw new TypeError("there is no document");
    return { records, document, numbers: dailyNumbers(document) };
  } finally {
    await place.close();
  }
}

async function recordsOf(engine: Engine, path: string): Promise<ExplainableRecord[]> {
  const columns = [...explainColumns(engine)].map(([name, value]) => sql`${value} AS ${identifier(name)}`);
  const source = engine.parquet([{ path, partition: FIRST_DAY }]);
  const withSource = sql`(SELECT *, 'a.json' AS source_file FROM ${source} AS p)`;
  const rows = await engine.rows(sql`SELECT ${join(columns)} FROM ${withSource} AS s`);
  const record = { file: FILE, outcome: "row", rule: null, warnings: [] } as const;
  return rows.map((values: Row, index) => ({ ...record, line: index + 1, values }));
}

const row = { day: 0, second: 0, master: null, micros: null };

describe.each(testEngines)("on $name", (testEngine) => {
  it("the records behind every number give it", { timeout: 300_000 }, async () => {
    const task = fc.record({
      task_id: fc.constantFrom("a", "b", "c", "d", "e"),
      day: fc.constant(0),
      second: fc.nat(50),
      status: fc.constantFrom("completed", "failed", "cancelled", "queued"),
      master: fc.constantFrom(null, "m", "a].b"),
      type: fc.constantFrom(null, "x"),
      micros: fc.option(fc.constantFrom(1, 29_999_999, 30_000_000, 60_000_000, 60_000_001)),
    });
    const distinct = { minLength: 1, maxLength: 9, selector: (item: TaskRow) => `${item.task_id} ${item.second}` };
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(task, distinct), async (rows) => {
        const { records, numbers } = await explainable(rows, testEngine);
        for (const number of numbers)
          expect(explainNumber(dailyPath(FIRST_DAY), number, records).value).toBe(number.value);
      }),
      { numRuns: 8 },
    );
  });
});

it("says which rows a percentile lies between, and at which rank", async () => {
  const durations = [40, 10, 30, 20].map((seconds, index) => ({
    ...row,
    task_id: `task-${index}`,
    status: "completed",
    micros: seconds * 1_000_000,
  }));
  const { records, numbers } = await explainable(durations);
  const number = findNumber(numbers, "performance.p50_duration");
  if (number === null) throw new TypeError("there is no such number");
  expect(explainNumber(dailyPath(FIRST_DAY), number, records)).toMatchObject({
    value: 25,
    rank: { count: 4, lower: 2, fraction: 0.5 },
    rows: [
      { task_id: "task-3", duration_seconds: 20, part: "lower", bronze: { file: FILE } },
      { task_id: "task-2", duration_seconds: 30, part: "upper", source_file: "a.json" },
    ],
  });
});

it("finds the numbers of a group by its name, with or without the key", async () => {
  const { numbers } = await explainable([{ ...row, task_id: "a", status: "failed", master: "x[y=z].failed" }]);
  const path = "by_master[x[y=z].failed].failed";
  expect(findNumber(numbers, path)).toMatchObject({ path, value: 1 });
  expect(findNumber(numbers, "by_master[master=x[y=z].failed].failed")).toMatchObject({ path });
  expect(findNumber(numbers, "by_master[x].failed")).toBeNull();
  expect(numbers.map((number) => number.path)).toEqual([...new Set(numbers.map((number) => number.path))]);
});

it("refuses a number that the records do not give", async () => {
  const { records, numbers } = await explainable([{ ...row, task_id: "a", status: "failed" }]);
  const number = findNumber(numbers, "summary.total_tasks");
  if (number === null) throw new TypeError("there is no such number");
  expect(() => explainNumber(dailyPath(FIRST_DAY), { ...number, value: 2 }, records)).toThrow(
    expect.objectContaining({ code: "NOT_EXPLAINABLE", facts: expect.objectContaining({ value: 2, found: 1 }) }),
  );
});
