import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { initLake, type Lake } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { crashAt } from "../testing/crashing-storage.ts";
import { linesOf, temporaryFolder, temporaryLake } from "../testing/lake.ts";
import { dayOfInstant } from "./day-of-instant.ts";
import { importLake } from "./import-lake.ts";

const now = () => Date.UTC(2026, 0, 15, 12) * 1000;

/** A lake as the older pipeline left it, with these files under `bronze`. */
async function oldLake(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await temporaryFolder(), "old");
  for (const [name, content] of Object.entries({ "../silver/x.jsonl": "{}\n", ...files })) {
    const path = join(folder, "bronze", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "bronze"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => file.slice(folder.length + 1)).sort();
}

const TASK = `{
  "task_id": "t-1",
  "cost": 1.50,
  "note": "two  spaces",
  "ingested_at": "2025-11-27T23:30:00-0600",
  "layer": "bronze"
}
`;

describe("importLake", () => {
  it("keeps each record's own ingested_at, and goes by it", async () => {
    const { lake } = await initLake(join(await temporaryFolder(), "lake"), { timeZone: "Europe/Berlin" });
    const old = await oldLake({
      "raw-tasks/20251127.jsonl": `${TASK}{"ingested_at": "2025-11-27T10:00:00Z", "task_id": "t-2"}\n`,
    });
    const report = await importLake(lake, old, { now });
    expect(report).toMatchObject({ records: 2, raw: 0, datasets: [{ dataset: "tasks", records: 2, known: 0 }] });
    const source = JSON.stringify(join(old, "bronze/raw-tasks/20251127.jsonl"));
    expect(await linesOf(lake, "bronze/raw-tasks/20251128.jsonl")).toEqual([
      `{"task_id":"t-1","cost":1.50,"note":"two  spaces","ingested_at":"2025-11-27T23:30:00-0600","layer":"bronze","source_file":${source}}`,
    ]);
    expect(await linesOf(lake, "bronze/raw-tasks/20251127.jsonl")).toEqual([
      `{"ingested_at": "2025-11-27T10:00:00Z", "task_id": "t-2","layer":"bronze","source_file":${source}}`,
    ]);
  });

  it("takes event types and masters from the names of the files, whatever they are", async () => {
    const lake = await temporaryLake();
    const record = '{"a":1,"ingested_at":"2025-11-27T10:00:00+00","layer":"bronze","source_file":"x.json"}';
    const old = await oldLake({
      "events/worker_started.jsonl": `${record}\n`,
      "events/Worker Done-20251127.jsonl": record,
      "events/lineage-20251127.jsonl": record,
      "events/build-99999999.jsonl": record,
      "raw-metrics/Security-Master-20251127.jsonl": record,
      [`raw-metrics/${"é".repeat(80)}-20251127.jsonl`]: record,
    });
    const report = await importLake(lake, old, { now });
    expect(report.datasets.map(({ dataset, records }) => [dataset, records])).toEqual([
      ["events", 4],
      ["metrics", 2],
    ]);
    const files = await filesOf(lake.root);
    expect(files.slice(0, 5)).toEqual([
      "bronze/events/%57orker%20%44one-20251127.jsonl",
      "bronze/events/build-99999999-20251127.jsonl",
      "bronze/events/lineage-20251127.jsonl",
      "bronze/events/worker_started-20251127.jsonl",
      "bronze/raw-metrics/%53ecurity-%4daster-20251127.jsonl",
    ]);
    expect(files).toHaveLength(6);
    expect(report.bronzeFiles).toEqual(files.toSorted());
    expect(await linesOf(lake, "bronze/events/lineage-20251127.jsonl")).toEqual([record]);
  });

  it("keeps what says nothing of its ingestion as an ingestion of today would", async () => {
    const lake = await temporaryLake();
    const lines = [
      '{"task_id":"no time"}',
      '{"task_id":"no such time","ingested_at":"2025-02-30T10:00:00Z"}',
      '{"task_id":"two times","ingested_at":"2025-11-27T10:00:00Z","ingested_at":"2025-11-28T10:00:00Z"}',
      '{"task_id":"silver","ingested_at":"2025-11-27T10:00:00Z","layer":"silver"}',
      '{"task_id":"broken", ',
      '{"raw":"kept before","ingested_at":"2025-11-27T10:00:00Z","layer":"bronze"}',
    ];
    const old = await oldLake({ "raw-tasks/20251127.jsonl": `${lines.join("\n")}\n` });
    expect(await importLake(lake, old, { now })).toMatchObject({ records: 6, raw: 5 });
    const today = (await linesOf(lake, "bronze/raw-tasks/20260115.jsonl")).map((line) => JSON.parse(line));
    expect(today.map(({ task_id, raw }) => task_id ?? raw)).toEqual(["no time", ...lines.slice(1, 5)]);
    expect(today.every(({ ingested_at }) => ingested_at.startsWith("2026-01-15T12:00:00."))).toBe(true);
    expect(await linesOf(lake, "bronze/raw-tasks/20251127.jsonl")).toHaveLength(1);
  });

  it("adds nothing the second time, but what the older lake has got since", async () => {
    const lake = await temporaryLake();
    const old = await oldLake({ "raw-tasks/20251127.jsonl": TASK, "events/a.jsonl": TASK, "events/notes.txt": "" });
    const skipped = [{ path: join(old, "bronze/events/notes.txt") }];
    expect(await importLake(lake, old, { now })).toMatchObject({ records: 2, skipped });
    expect(await importLake(lake, old, { now })).toMatchObject({ records: 0, known: 2, files: [] });
    await appendFile(join(old, "bronze/events/a.jsonl"), TASK);
    expect(await importLake(lake, old, { now })).toMatchObject({ records: 1, known: 1 });
    expect(await linesOf(lake, "bronze/events/a-20251128.jsonl")).toHaveLength(2);
    const silver = await readFile(join(old, "silver/x.jsonl"), "utf8");
    expect([silver, await filesOf(old)]).toEqual([
      "{}\n",
      ["bronze/events/a.jsonl", "bronze/events/notes.txt", "bronze/raw-tasks/20251127.jsonl"],
    ]);
  });

  it("loses and repeats nothing when it dies at any change to the lake, also of records that stand twice", {
    timeout: 120_000,
  }, async () => {
    const twice = `${TASK}${TASK}`;
    const old = await oldLake({
      "raw-tasks/a.jsonl": twice,
      "raw-tasks/b.jsonl": `${twice}{"x":1}\n`,
      "events/a.jsonl": TASK,
    });
    let died = true;
    for (let step = 1; died; step++) {
      const lake = await temporaryLake();
      const { storage, crashed } = crashAt(step);
      const dying: Lake = { ...lake, storage };
      await importLake(dying, old, { now }).catch((error: unknown) => {
        if (!crashed()) throw error;
      });
      died = crashed();
      for (const dataset of ["tasks", "events"]) {
        await rm(join(lake.root, "_medallion/ingested", dataset, "lock"), { force: true });
      }
      await importLake(lake, old, { now });
      const count = async (path: string) => (await linesOf(lake, path)).filter((line) => line !== "").length;
      const counts = [
        await count("bronze/raw-tasks/20251128.jsonl"),
        await count("bronze/raw-tasks/20260115.jsonl"),
        await count("bronze/events/a-20251128.jsonl"),
      ];
      expect({ step, counts }).toEqual({ step, counts: [4, 1, 1] });
    }
  });

  it("goes on with the other data sets when a file is refused", async () => {
    const lake = await temporaryLake();
    const long = `{"long":"${"x".repeat(500)}"}\n`;
    const old = await oldLake({ "raw-tasks/a.jsonl": long, "raw-tasks/b.jsonl": TASK, "events/a.jsonl": TASK });
    await expect(importLake(lake, old, { now, limits: { recordBytes: 300 } })).rejects.toMatchObject({
      code: "RECORD_TOO_LARGE",
      report: { records: 2, refused: [{ kept: 0 }], datasets: [{ dataset: "tasks" }, { dataset: "events" }] },
    });
  });

  it("refuses what is no older lake, and the lake itself", async () => {
    const lake = await temporaryLake();
    const empty = await temporaryFolder();
    await expect(importLake(lake, empty)).rejects.toMatchObject({ code: "IMPORT_INVALID" });
    await expect(importLake(lake, join(empty, "nothing"))).rejects.toMatchObject({ code: "SOURCE_NOT_FOUND" });
    for (const folder of [lake.root, join(lake.root, "bronze"), dirname(lake.root)]) {
      await expect(importLake(lake, folder)).rejects.toMatchObject({ code: "IMPORT_INVALID" });
    }
  });
});

it.each([
  ["2025-11-27T23:59:59-0600", "UTC", "20251128"],
  ["2025-11-27T00:00:00.123456789+05:30", "UTC", "20251126"],
  ["2025-11-27T23:30:00Z", "Europe/Berlin", "20251128"],
  ["2025-11-27T23:30:00", "Europe/Berlin", "20251127"],
  ["2025-11-27T23:30:00-06", "America/Chicago", "20251127"],
  ["0001-01-01T00:00:00Z", "America/Chicago", null],
  ["2025-11-27", "UTC", null],
  ["2025-11-31T00:00:00Z", "UTC", null],
])("the day of %s in %s is %s", (text, timeZone, day) => {
  expect(dayOfInstant(text, timeZone)).toBe(day);
});
