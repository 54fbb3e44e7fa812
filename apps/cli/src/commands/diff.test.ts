import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testEngineUrls, type Workplace, workplace, workplaceWithLake } from "../testing/medallion.ts";

async function lakeOfAllDatasets(): Promise<Workplace> {
  const place = await workplaceWithLake();
  const tasks = ["completed", "failed", "in_progress", "completed"].map((status, index) =>
    JSON.stringify({ task_id: `t${index % 3}`, status, timestamp: `2025-11-27T1${index}:00:00Z`, note: "é \u2028" }),
  );
  await place.json(["ingest", "tasks", "-"], `${tasks.join("\n")}\n{ broken`);
  const metric = (value: number) =>
    JSON.stringify({ metric_name: "n", value, master: "m", timestamp: "2025-11-27T10:00:00Z" });
  await place.json(["ingest", "metrics", "-"], [1.1, 2.2, 3.3].map(metric).join("\n"));
  const step = { task_id: "t1", event_type: "started", timestamp: "2025-11-27T10:00:00Z" };
  await place.json(["ingest", "lineage", "--data", JSON.stringify(step)]);
  return place;
}

async function filesIn(place: Workplace): Promise<string[]> {
  const names = await readdir(join(place.folder, "lake"), { recursive: true });
  return names.filter((name) => !name.startsWith("_medallion/tmp")).sort();
}

describe.each(testEngineUrls)("medallion diff of duckdb and $name", ({ name, url }) => {
  it("finds nothing between engines that agree, and leaves the lake alone", async () => {
    const place = await lakeOfAllDatasets();
    const before = await filesIn(place);
    const found = await place.json(["diff", "--engines", `duckdb,${url}`]);
    expect(found).toMatchObject({ same: true, differences: [], engines: [{ name: "duckdb" }, { name }] });
    expect(Number(found.files)).toBeGreaterThan(6);
    expect(await filesIn(place)).toEqual(before);
  });
});

it.each(["duckdb", "duckdb,sc://a,sc://b", "duckdb,postgres"])(
  "medallion diff refuses --engines %s",
  async (engines) => {
    const place = await workplace();
    expect(await place.medallion(["diff", "--engines", engines])).toMatchObject({ code: 2 });
  },
);
