import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { partitionKey } from "@medallion/lake";
import { dailyPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { tasks } from "@medallion/schema";
import { dailyAnalytics } from "@medallion/schema/gold";
import { expect, test } from "vitest";
import { dayAt, type GoldLake, openGoldLake, retire, stageSilver } from "../testing/gold-lake.ts";
import { stageDaily } from "./stage.ts";

async function daily(place: GoldLake, day: Day) {
  return dailyAnalytics.parse(JSON.parse(await readFile(join(place.lake.root, dailyPath(day)), "utf8")));
}

test("the document of a retired day keeps its numbers, and says where later records went", async () => {
  const place = await openGoldLake();
  try {
    const day = dayAt(0);
    const row = { task_id: "a", day: 0, second: 0, status: "completed", master: "m", micros: 5_000_000 };
    await place.change(async (transaction) => ({
      partitions: await stageSilver(place, transaction, [row]),
      result: undefined,
    }));
    await retire(place, [day]);
    const before = await daily(place, day);
    expect(before).toMatchObject({ summary: { total_tasks: 1 }, rollup: { total: 1, duration_sum_micros: "5000000" } });
    await place.change(async (transaction) => {
      const known = transaction.state.partitions.get(partitionKey(tasks.name, day));
      const totals = { ...known!, read: 2, quarantined: 1 };
      const days = [{ day, paths: [], totals }];
      return { result: await stageDaily({ ...place, transaction, dataset: tasks, days, generatedAt: 1n }) };
    });
    const { quality, generated_at, ...after } = await daily(place, day);
    expect(quality).toMatchObject({ read: 2, quarantined: 1 });
    expect({ ...after, quality: before.quality, generated_at: before.generated_at }).toEqual(before);
    expect(generated_at).toBe("1970-01-01T00:00:00.000001Z");
    await retire(place, [day]);
    expect((await daily(place, day)).quality.read).toBe(2);
  } finally {
    await place.close();
  }
});
