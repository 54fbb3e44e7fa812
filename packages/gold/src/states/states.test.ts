import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import { addCounts, partitionKey, type Transaction } from "@medallion/lake";
import { silverPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DailyInput, stageDaily } from "../daily/stage.ts";
import { type RangeNumbers, type RangeOptions, rangeNumbers } from "../range/numbers.ts";
import { anyTaskRow } from "../testing/any-task-row.ts";
import { dayAt, type GoldLake, openGoldLake, retire, stageSilver, type TaskRow } from "../testing/gold-lake.ts";

const DAYS = 5;
const ALL = { start: dayAt(0), end: dayAt(DAYS - 1) };

const row = anyTaskRow({ days: DAYS, seconds: 4 });

/** What one commit does: silver gets rows, most often with its gold; or days are retired. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 10 }), gold: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 10 }), gold: fc.constant(true) }),
  },
  { weight: 1, arbitrary: fc.record({ retired: fc.nat({ max: DAYS - 1 }) }) },
);

type Change = { readonly rows: readonly TaskRow[]; readonly gold: boolean };

/** A lake, and what its silver holds. */
class ChangingLake {
  readonly #rows = new Map<number, TaskRow[]>();
  readonly #retired = new Set<number>();

  readonly place: GoldLake;

  constructor(place: GoldLake) {
    this.place = place;
  }

  async retire(day: number): Promise<void> {
    await retire(this.place, [dayAt(day)]);
    if (this.#rows.delete(day)) this.#retired.add(day);
  }

  /** Stages the days that rows come to, as a run does. */
  async stage(transaction: Transaction, { rows, gold }: Change) {
    for (const one of rows) {
      if (this.#retired.has(one.day)) continue;
      const isOther = ({ task_id, second }: TaskRow) => task_id !== one.task_id || second !== one.second;
      this.#rows.set(one.day, [...(this.#rows.get(one.day) ?? []).filter(isOther), one]);
    }
    const touched = [...new Set(rows.map(({ day }) => day))].filter((day) => !this.#retired.has(day));
    const all = touched.flatMap((day) => this.#rows.get(day) ?? []);
    const partitions = all.length === 0 ? [] : await stageSilver(this.place, transaction, all);
    const { state } = transaction;
    const changed = partitions.map(
      (counts): DailyInput => ({
        day: counts.day,
        paths: stagedParts(transaction, counts.day),
        totals: addCounts(state.partitions.get(partitionKey(tasks.name, counts.day)), counts, null, state.last + 1),
      }),
    );
    const place = { ...this.place, transaction, dataset: tasks, generatedAt: 0n };
    if (gold) await stageDaily({ ...place, days: changed });
    return { partitions, changed };
  }
}

function stagedParts(transaction: Transaction, day: Day): string[] {
  const paths: string[] = [];
  for (let part = 1; ; part++) {
    const path = transaction.staged(silverPath(tasks.folders.silver, day, "parquet", part));
    if (path === null) return paths;
    paths.push(path);
  }
}

/** The numbers of all days, which come of states where all are kept, and with `shares` of rows. */
async function numbersOf(
  place: Pick<RangeOptions, "lake" | "engine">,
  transaction: Transaction,
  changed: readonly DailyInput[],
  shares: boolean,
) {
  const numbers = await rangeNumbers({ ...place, transaction, dataset: tasks, ...ALL, changed, shares });
  return comparable(numbers);
}

function comparable({ sum, daily, ...rest }: RangeNumbers) {
  return { ...rest, all: sum.all, masters: new Map(sum.masters), daily: new Map([...daily].sort()) };
}

/** Opens no engine, which it is asked for where rows are to be read. */
const noEngine = () => Promise.reject(new Error("rows are read"));

async function withLake(testEngine: TestEngine, use: (lake: ChangingLake) => Promise<void>): Promise<void> {
  const place = await openGoldLake("UTC", testEngine);
  try {
    await use(new ChangingLake(place));
  } finally {
    await place.close();
  }
}

describe.each(testEngines)("the states of days on $name", (testEngine) => {
  it("give the numbers that rows give, with late records, stale gold and retired days", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
        await withLake(testEngine, async (lake) => {
          const { place } = lake;
          for (const one of steps) {
            if ("retired" in one) await lake.retire(one.retired);
            else {
              await place.change(async (transaction) => {
                const { partitions, changed } = await lake.stage(transaction, one);
                const within = await numbersOf(place, transaction, changed, false);
                expect(within).toEqual(await numbersOf(place, transaction, changed, true));
                return { partitions, result: undefined };
              });
            }
            await place.change(async (transaction) => {
              const found = await numbersOf(place, transaction, [], false);
              expect(found).toEqual(await numbersOf(place, transaction, [], true));
              return { result: undefined };
            });
          }
        });
      }),
      { numRuns: testEngine.name === "duckdb" ? 8 : 1 },
    );
  }, 240_000);

  it("are read in place of rows, as long as they are as new as silver, and go with it", async () => {
    await withLake(testEngine, async (lake) => {
      const { place } = lake;
      const task = { second: 0, status: "completed", master: "m", micros: 1 };
      const change = (gold: boolean) =>
        place.change(async (transaction) => {
          const rows = [
            { ...task, task_id: "a", day: 0 },
            { ...task, task_id: "a", day: 1 },
          ];
          const { partitions } = await lake.stage(transaction, { rows, gold });
          return { partitions, result: undefined };
        });
      const numbers = (engine: RangeOptions["engine"], shares: boolean) =>
        place.change(async (transaction) => ({
          result: await numbersOf({ ...place, engine }, transaction, [], shares),
        }));
      const kept = async () => (await readdir(join(place.lake.root, "gold/analytics"))).sort();
      await change(true);
      expect(await kept()).toEqual([0, 1].flatMap((day) => [`daily-${dayAt(day)}.json`, `daily-${dayAt(day)}.states`]));
      const before = await numbers(place.engine, true);
      expect(before.all).toMatchObject({ total: 1, completed: 1 });
      expect(await numbers(noEngine, false)).toEqual(before);
      await change(false);
      await expect(numbers(noEngine, false)).rejects.toThrow("rows are read");
      await change(true);
      expect(await numbers(noEngine, false)).toEqual(before);
      await writeFile(join(place.lake.root, `gold/analytics/daily-${dayAt(0)}.states`), "no states");
      await expect(numbers(noEngine, false)).rejects.toThrow("rows are read");
      expect(await numbers(async () => place.engine, false)).toEqual(before);
      await lake.retire(0);
      expect(await kept()).toEqual([`daily-${dayAt(0)}.json`, `daily-${dayAt(1)}.json`, `daily-${dayAt(1)}.states`]);
    });
  }, 240_000);
});
