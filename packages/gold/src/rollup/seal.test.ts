import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import { tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rangeNumbers } from "../range/numbers.ts";
import { anyTaskRow } from "../testing/any-task-row.ts";
import {
  dayAt,
  type GoldLake,
  latestOf,
  openGoldLake,
  retire,
  stageSilver,
  type TaskRow,
} from "../testing/gold-lake.ts";

const DAYS = 7;

const row = anyTaskRow({ days: DAYS, seconds: 6 });
const rowsArbitrary = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 40,
  selector: ({ task_id, day, second }) => `${day} ${second} ${task_id}`,
});

async function withLakeOn(
  testEngine: TestEngine,
  rows: readonly TaskRow[],
  use: (place: GoldLake) => Promise<void>,
): Promise<void> {
  const place = await openGoldLake("UTC", testEngine);
  try {
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, rows),
      result: undefined,
    }));
    await use(place);
  } finally {
    await place.close();
  }
}

/** Counts, sums and percentiles of tasks, in plain arithmetic. */
function slowly(latest: readonly TaskRow[]) {
  const sorted = latest.flatMap(({ micros }) => micros ?? []).sort((a, b) => a - b);
  const countBy = (of: (task: TaskRow) => string) => {
    const counts = new Map<string, number>();
    for (const task of latest) counts.set(of(task), (counts.get(of(task)) ?? 0) + 1);
    return counts;
  };
  const at = (percent: number) => {
    const [place, rest] = [Math.floor((percent * (sorted.length - 1)) / 100), (percent * (sorted.length - 1)) % 100];
    const [low = 0, high = low] = sorted.slice(place, place + 2);
    return (low * (100 - rest) + high * rest) / 1e8;
  };
  return {
    total: latest.length,
    sum: sorted.reduce((sum, micros) => sum + BigInt(micros), 0n),
    durations: sorted.length,
    status: countBy(({ status }) => status),
    type: countBy(({ type }) => type ?? "unknown"),
    masters: countBy(({ master }) => master ?? "unassigned"),
    fast: sorted.filter((micros) => micros < 30_000_000).length,
    slow: sorted.filter((micros) => micros > 60_000_000).length,
    min: at(0),
    max: at(100),
    at,
  };
}

async function expectRange(place: GoldLake, rows: readonly TaskRow[], from: number, to: number, tolerance: number) {
  const numbers = await place.change(async (transaction) => ({
    result: await rangeNumbers({
      ...{ ...place, transaction, dataset: tasks, start: dayAt(from), end: dayAt(to), shares: true },
    }),
  }));
  const slow = slowly(latestOf(rows, from, to));
  const { sum } = numbers;
  expect(sum.all).toMatchObject({
    ...{ total: slow.total, sum: slow.sum, durations: slow.durations, fast: slow.fast, slow: slow.slow },
    completed: slow.status.get("completed") ?? 0,
    failed: slow.status.get("failed") ?? 0,
    cancelled: slow.status.get("cancelled") ?? 0,
  });
  expect(sum.shares.status).toEqual(slow.status);
  expect(sum.shares.type).toEqual(slow.type);
  expect(new Map([...sum.masters].map(([master, { total }]) => [master, total]))).toEqual(slow.masters);
  const near = (found: number | null, wanted: number) => {
    if (slow.durations === 0) expect(found).toBeNull();
    else expect(Math.abs((found ?? Number.NaN) - wanted)).toBeLessThanOrEqual(wanted * tolerance + 0.0011);
  };
  near(numbers.min, slow.min);
  near(numbers.max, slow.max);
  for (const percent of [50, 95, 99] as const) near(numbers.percentiles[percent], slow.at(percent));
  for (let index = from; index <= to; index++) {
    const ofDay = slowly(latestOf(rows, index, index));
    const found = numbers.daily.get(dayAt(index));
    expect([found?.total ?? 0, found?.sum ?? 0n]).toEqual([ofDay.total, ofDay.sum]);
  }
}

async function dailyDocuments(place: GoldLake): Promise<string[]> {
  const folder = join(place.lake.root, "gold", "analytics");
  const names = (await readdir(folder).catch(() => [])).sort();
  return Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
}

const range = fc.tuple(fc.nat({ max: DAYS - 1 }), fc.nat({ max: DAYS - 1 })).map(([a, b]) => ({
  from: Math.min(a, b),
  to: Math.max(a, b),
}));

describe.each(testEngines)("the numbers of a range on $name", (testEngine) => {
  const runs = (count: number) => ({ numRuns: testEngine.name === "duckdb" ? count : 2 });
  const withLake = (rows: readonly TaskRow[], use: (place: GoldLake) => Promise<void>) =>
    withLakeOn(testEngine, rows, use);

  it("are those of slow arithmetic while silver is there", async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, range, async (rows, { from, to }) => {
        await withLake(rows, (place) => expectRange(place, rows, from, to, 0));
      }),
      runs(8),
    );
  }, 120_000);

  it("are the same after silver is retired, percentiles within 1 %", async () => {
    const step = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(
        rowsArbitrary,
        fc.array(step, { minLength: DAYS, maxLength: DAYS }),
        range,
        async (rows, steps, { from, to }) => {
          await withLake(rows, async (place) => {
            for (const now of [1, 2, 3]) {
              await retire(
                place,
                steps.flatMap((at, index) => (at === now ? [dayAt(index)] : [])),
              );
            }
            await expectRange(place, rows, from, to, 0.005);
            await expectRange(place, rows, 0, DAYS - 1, 0.005);
          });
        },
      ),
      runs(12),
    );
  }, 120_000);

  it("do not depend on how many days are sealed at once", async () => {
    await fc.assert(
      fc.asyncProperty(rowsArbitrary, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6]), async (rows, order) => {
        const found: string[][] = [];
        await withLake(rows, async (place) => {
          for (const index of order) await retire(place, [dayAt(index)]);
          found.push(await dailyDocuments(place));
        });
        await withLake(rows, async (place) => {
          await retire(place, order.map(dayAt));
          found.push(await dailyDocuments(place));
        });
        expect(found[0]).toEqual(found[1]);
      }),
      runs(8),
    );
  }, 120_000);
});
