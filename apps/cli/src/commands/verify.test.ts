import { appendFile, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { alike, documentOf, type Workplace } from "../testing/medallion.ts";

const BRONZE = "bronze/raw-tasks";
const SILVER = "silver/processed-tasks/20251127.jsonl";
const PARQUET = "silver/processed-tasks/20251127.parquet";
const DAILY = "gold/analytics/daily-20251127.json";
const STATES = "gold/analytics/daily-20251127.states";
const COMMIT = "_medallion/commits/00000000000000000001.json";

/** A lake of two runs, the second of which replaces a row of the first. */
const lakeOfTwoRuns = alike(async (place) => {
  const tasks = (status: string, ...ids: string[]) =>
    ids.map((id) => JSON.stringify({ task_id: id, status, timestamp: "2025-11-27T10:00:00Z" })).join("\n");
  await place.json(["ingest", "tasks", "-"], `${tasks("completed", "a", "b")}\n{ broken`);
  await place.json([
    "ingest",
    "metrics",
    "--master",
    "m",
    "--data",
    '{"metric_name":"n","value":1,"timestamp":"2025-11-27T10:00:00Z"}',
  ]);
  await place.json(["run"]);
  await place.json(["ingest", "tasks", "-"], tasks("failed", "b", "c"));
  await place.json(["run"]);
});

async function differencesOf(place: Workplace, ...args: string[]): Promise<{ code: number | null; found: string[] }> {
  const { code, stdout } = await place.medallion(["verify", "--json", ...args]);
  const { differences } = documentOf(stdout);
  const list: readonly unknown[] = Array.isArray(differences) ? differences : [];
  return { code, found: list.map((item) => `${Object(item).kind} ${Object(item).file}`) };
}

async function replaceIn(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(file, "latin1");
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(file, changed, "latin1");
}

describe("medallion verify", () => {
  it("finds nothing in a lake as it was left, also with records that wait for the next run", async () => {
    const place = await lakeOfTwoRuns();
    const { left, ...found } = await place.json(["verify"]);
    expect(found).toMatchObject({ same: true, commits: 2, differences: [] });
    const files = (Array.isArray(left) ? left : []).map((item) => String(Object(item).file));
    expect(files.filter((file) => !file.startsWith("gold/quality/"))).toEqual([]);
    expect(await place.json(["verify", "--quick"])).toMatchObject({ same: true, quick: true });
    await place.json(["ingest", "tasks", "--data", '{"task_id":"later"}']);
    const { running } = await place.json(["verify"]);
    expect(await place.json(["verify", "--quick", "--contains", String(running)])).toMatchObject({ same: true });
    expect(await differencesOf(place, "--quick", "--contains", "0".repeat(64))).toEqual({
      code: 1,
      found: ["changed _medallion/commits"],
    });
  }, 600_000);

  it("names what was edited, truncated, removed or added", async () => {
    const place = await lakeOfTwoRuns();
    const at = (path: string) => join(place.folder, "lake", path);
    const { partitions: _, ...status } = await place.json(["status"]);
    expect(status).toMatchObject({ commits: 2 });
    const saved = new Map<string, Buffer>();
    const bronze = `${BRONZE}/${new Date().toISOString().slice(0, 10).replaceAll("-", "")}.jsonl`;
    for (const path of [bronze, SILVER, PARQUET, DAILY, STATES, COMMIT]) saved.set(path, await readFile(at(path)));
    const restored = async (path: string) => writeFile(at(path), saved.get(path) ?? "");

    await replaceIn(at(SILVER), '"task_id":"a"', '"task_id":"z"');
    expect(await differencesOf(place)).toEqual({ code: 1, found: [`changed ${SILVER}`] });
    await restored(SILVER);

    await truncate(at(PARQUET), 100);
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`truncated ${PARQUET}`] });
    expect((await differencesOf(place)).found).toContain(`changed ${PARQUET}`);
    await restored(PARQUET);

    await replaceIn(at(DAILY), '"total_tasks": 3', '"total_tasks": 4');
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`changed ${DAILY}`] });
    const { stdout } = await place.medallion(["verify"]);
    expect(stdout).toContain(`changed   ${DAILY}: line`);
    expect(stdout).toContain('"total_tasks": 4');
    await rm(at(DAILY));
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`missing ${DAILY}`] });
    await restored(DAILY);

    await replaceIn(at(STATES), '"masters":["unassigned"]', '"masters":["unassignee"]');
    expect(await differencesOf(place)).toEqual({ code: 1, found: [`changed ${STATES}`] });
    await rm(at(STATES));
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`missing ${STATES}`] });
    await restored(STATES);

    await writeFile(at("gold/analytics/daily-20200101.json"), "{}");
    expect(await differencesOf(place, "--quick")).toEqual({
      code: 1,
      found: ["unknown gold/analytics/daily-20200101.json"],
    });
    await rm(at("gold/analytics/daily-20200101.json"));

    await replaceIn(at(bronze), '"task_id":"a"', '"task_id":"z"');
    expect(await differencesOf(place)).toEqual({ code: 1, found: [`changed ${bronze}`] });
    await truncate(at(bronze), 10);
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`truncated ${bronze}`] });
    await rm(at(bronze));
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`missing ${bronze}`] });
    await writeFile(join(place.folder, "outside"), saved.get(bronze) ?? "");
    await symlink(join(place.folder, "outside"), at(bronze));
    expect(await differencesOf(place, "--quick")).toEqual({ code: 1, found: [`changed ${bronze}`] });
    await rm(at(bronze));
    await restored(bronze);

    await replaceIn(at(COMMIT), '"command":"medallion run"', '"command":"medallion ran"');
    expect((await differencesOf(place, "--quick")).found).toContain(`changed ${COMMIT}`);
    await restored(COMMIT);
    await appendFile(at(COMMIT), " ");
    expect((await differencesOf(place, "--quick")).found).toContain(`changed ${COMMIT}`);
    await rm(at(COMMIT));
    expect((await differencesOf(place, "--quick")).found).toContain(`missing ${COMMIT}`);
    await restored(COMMIT);
    expect(await place.json(["verify"])).toMatchObject({ same: true });
  }, 600_000);
});
