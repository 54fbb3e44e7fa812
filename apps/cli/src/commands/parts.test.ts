import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { withPartBytes } from "@medallion/engine/testing";
import { openLake, readState } from "@medallion/lake";
import { tasks } from "@medallion/schema";
import { describe, expect, it } from "vitest";
import { documentOf, testEngineUrls, type Workplace, workplaceWithLake } from "../testing/medallion.ts";
import { divideTasks } from "../testing/parts.ts";
import { jsonOf } from "./output/cells.ts";
import { withViews } from "./query/engine.ts";
import { lakeViews } from "./query/views.ts";

const DAY = "20251127";
const FOLDER = "lake/silver/processed-tasks";
const QUARANTINE = "lake/silver/quarantine/tasks";
const PART_BYTES = 500;

const task = (id: number, status: string, minute = id) =>
  JSON.stringify({ task_id: `t${id}`, status, timestamp: `2025-11-27T10:${10 + minute}:00Z`, note: "é".repeat(40) });

const broken = (id: number) =>
  JSON.stringify({ task_id: `b${id}`, timestamp: "2025-11-27T10:00:00Z", note: "é".repeat(40) });

/** A lake with twelve tasks on one day and six set aside, both in several parts, and one task on the day after. */
async function lakeInParts(url: string): Promise<Workplace> {
  const place = await workplaceWithLake();
  const other = JSON.stringify({ task_id: "other", status: "completed", timestamp: "2025-11-28T10:00:00Z" });
  const records = Array.from({ length: 12 }, (_, index) => task(index, "completed"));
  await place.json(["ingest", "tasks", "-"], [...records, other, ...[1, 2, 3, 4, 5, 6].map(broken)].join("\n"));
  if (url === "duckdb") {
    await place.json(["run"]);
    await divideTasks(join(place.folder, "lake"), DAY, PART_BYTES);
  } else await place.json(["run", "--engine", withPartBytes(url, PART_BYTES)]);
  return place;
}

async function partsOf(place: Workplace, format: string): Promise<string[]> {
  const names = await readdir(join(place.folder, FOLDER));
  return names.filter((name) => name.startsWith(DAY) && name.endsWith(format)).sort((a, b) => a.length - b.length);
}

async function partsOfQuarantine(place: Workplace): Promise<string[]> {
  return (await readdir(join(place.folder, QUARANTINE))).sort((a, b) => a.length - b.length);
}

/** How many records are set aside, as each command that reads quarantine says. */
async function setAside(place: Workplace): Promise<unknown[]> {
  const { stdout } = await place.medallion([
    "query",
    "select count(*) as n, count(distinct record->>'raw') as records, count(distinct day) as days, min(length(day)) as digits from silver_quarantine_tasks",
    "--format",
    "json",
  ]);
  const listed = await place.json(["quarantine", "list"]);
  const shown = await place.json(["quarantine", "show", "tasks"]);
  const exported = await place.json(["export", "quarantine_tasks", "-o", "q.csv"]);
  return [...JSON.parse(stdout), listed.records, shown.records, exported.rows];
}

const allSetAside = (n: number) => [{ n, records: n, days: 1, digits: 8 }, n, n, n];

async function rowsOfDay(place: Workplace): Promise<unknown> {
  const { stdout } = await place.medallion([
    "query",
    `select count(*) as n, count(distinct task_id) as tasks from silver_tasks where day = '${DAY}'`,
    "--format",
    "json",
  ]);
  return JSON.parse(stdout);
}

describe.each(testEngineUrls)("silver in parts, written by $name", { timeout: 900_000 }, ({ name, url }) => {
  it("is read, compared and merged as one partition", async () => {
    const place = await lakeInParts(url);
    for (const format of ["jsonl", "parquet"]) {
      const parts = await partsOf(place, format);
      expect(parts.slice(0, 2)).toEqual([`${DAY}.${format}`, `${DAY}-0002.${format}`]);
    }
    let text = "";
    for (const part of await partsOf(place, "jsonl")) text += await readFile(join(place.folder, FOLDER, part), "utf8");
    const times = text
      .trimEnd()
      .split("\n")
      .map((line) => String(documentOf(line).timestamp));
    expect(times).toHaveLength(12);
    expect(times).toEqual(times.toSorted());

    expect(await rowsOfDay(place)).toEqual([{ n: 12, tasks: 12 }]);
    expect(await place.json(["export", "tasks", "-o", "t.csv"])).toMatchObject({ rows: 13 });
    expect(await place.json(["export", "tasks", "--format", "parquet", "-o", "t.parquet"])).toMatchObject({ rows: 13 });
    expect(await place.json(["promote", "tasks", DAY])).toMatchObject({
      file: `silver/processed-tasks/${DAY}.jsonl`,
      files: (await partsOf(place, "jsonl")).map((part) => `silver/processed-tasks/${part}`),
      rows: 12,
    });
    expect(await place.json(["kpis", DAY, "20251128"])).toMatchObject({ kpis: { total_tasks: 13 } });
    const aside = await partsOfQuarantine(place);
    expect([aside.length > 1, aside[1]]).toEqual([true, aside[0]?.replace(".jsonl", "-0002.jsonl")]);
    expect(await setAside(place)).toEqual(allSetAside(6));
    expect(await place.json(["verify"])).toMatchObject({ same: true, differences: [] });

    // A run with another size of parts, or on another engine, leaves those that it writes.
    const before = (await partsOf(place, "parquet")).length;
    await place.json(["ingest", "tasks", "-"], [task(3, "failed"), task(30, "failed"), broken(7)].join("\n"));
    if (name === "duckdb") {
      await place.json(["run"]);
      await divideTasks(join(place.folder, "lake"), DAY, 2 * PART_BYTES);
    } else await place.json(["run", "--engine", withPartBytes(url, 2 * PART_BYTES)]);
    const after = (await partsOf(place, "parquet")).length;
    expect([after > 1, after < before]).toEqual([true, true]);
    const asideNow = (await partsOfQuarantine(place)).length;
    expect([asideNow > 1, asideNow < aside.length]).toEqual([true, true]);
    expect(await setAside(place)).toEqual(allSetAside(7));
    expect(await rowsOfDay(place)).toEqual([{ n: 13, tasks: 13 }]);

    await place.json(["ingest", "tasks", "-"], [task(31, "queued"), broken(8)].join("\n"));
    await place.json(["run"]);
    expect(await partsOfQuarantine(place)).toEqual([aside[0]]);
    expect(await setAside(place)).toEqual(allSetAside(8));
    expect([...(await partsOf(place, "jsonl")), ...(await partsOf(place, "parquet"))]).toEqual([
      `${DAY}.jsonl`,
      `${DAY}.parquet`,
    ]);
    expect(await rowsOfDay(place)).toEqual([{ n: 14, tasks: 14 }]);
    const daily = documentOf(await readFile(join(place.folder, `lake/gold/analytics/daily-${DAY}.json`), "utf8"));
    expect(daily).toMatchObject({
      summary: { total_tasks: 14, completed_tasks: 11, failed_tasks: 2 },
      inputs: [{ file: `silver/processed-tasks/${DAY}.parquet`, rows: 14 }],
    });
    expect(await place.json(["verify"])).toMatchObject({ same: true, differences: [] });
    if (name === "duckdb") return;
    const engines = `duckdb,${withPartBytes(url, PART_BYTES)}`;
    expect(await place.json(["diff", "--engines", engines])).toMatchObject({ same: true, differences: [] });
  });
});

it("a day in parts that a run replaces while it is read is not answered for", { timeout: 300_000 }, async () => {
  const place = await lakeInParts("duckdb");
  const lake = await openLake(join(place.folder, "lake"));
  const read = async (
    range: { start: string; end: string },
    meanwhile: () => Promise<unknown>,
    table = "silver_tasks",
  ) => {
    const source = { lake, state: await readState(lake), range };
    const { signal } = new AbortController();
    return await withViews(source, lakeViews([tasks]), { signal }, async (engine) => {
      await meanwhile();
      const rows = await engine.query(`select count(*) as n from ${table}`);
      for await (const batch of rows.batches()) return batch.map(jsonOf);
      return [];
    });
  };
  const [day, other] = [
    { start: DAY, end: DAY },
    { start: "20251128", end: "20251128" },
  ];
  const divide = () => divideTasks(lake.root, DAY, PART_BYTES);
  await expect(read(day, divide)).rejects.toMatchObject({ code: "QUERY_OVERTAKEN" });
  expect(await read(other, divide)).toEqual(["[1]"]);
  const run = async () => {
    await place.json(["ingest", "tasks", "-"], task(40, "queued"));
    await place.json(["run"]);
  };
  await expect(read(day, run)).rejects.toMatchObject({ code: "QUERY_OVERTAKEN" });
  expect(await read(day, run)).toEqual(["[13]"]);
  const always = { start: "00010101", end: "99991231" };
  expect(await read(always, run, "silver_quarantine_tasks")).toEqual(["[6]"]);
  await expect(read(always, divide, "silver_quarantine_tasks")).rejects.toMatchObject({ code: "QUERY_OVERTAKEN" });
});

it("a part that is gone is missed, and the day is not read by halves", { timeout: 300_000 }, async () => {
  const place = await lakeInParts("duckdb");
  const [first, second = ""] = await partsOfQuarantine(place);
  await rm(join(place.folder, FOLDER, `${DAY}-0002.parquet`));
  await rm(join(place.folder, QUARANTINE, second));
  expect(await rowsOfDay(place)).toEqual([{ n: 0, tasks: 0 }]);
  const query = ["query", "select count(*) as n from silver_quarantine_tasks", "--format", "json"];
  expect(JSON.parse((await place.medallion(query)).stdout)).toEqual([{ n: 0 }]);
  for (const words of [["list"], ["show", "tasks"]]) {
    const { code, stderr } = await place.medallion(["quarantine", ...words]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(second)]);
  }
  const { stdout } = await place.medallion(["doctor"]);
  const missing = [`silver/quarantine/tasks/${second}`, `silver/processed-tasks/${DAY}-0002.parquet`];
  expect(stdout).toContain(`missing: ${missing.join(", ")}`);
  const verified = documentOf((await place.medallion(["verify", "--json"])).stdout);
  expect(verified).toMatchObject({ same: false, differences: missing.map((file) => ({ file, kind: "missing" })) });
  await place.json(["ingest", "tasks", "-"], task(3, "failed"));
  const { code, stderr } = await place.medallion(["run"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`${DAY}-0002.parquet`)]);
  await place.json(["run", "--rebuild"]);
  expect(await partsOf(place, "parquet")).toEqual([`${DAY}.parquet`]);
  expect(await rowsOfDay(place)).toEqual([{ n: 12, tasks: 12 }]);
  expect(await partsOfQuarantine(place)).toEqual([first]);
  expect(await setAside(place)).toEqual(allSetAside(6));
});
