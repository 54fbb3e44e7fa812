import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { identifier } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { acquireLock, beginTransaction, type Lake, readState } from "@medallion/lake";
import { silverPath } from "@medallion/lake/layout";
import { type Dataset, tasks } from "@medallion/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { promoteOnce, temporaryFolder, temporaryLake } from "../testing/promotion.ts";
import type { ReplayedRecord } from "./records.ts";
import { prepareReplay, replayPartition } from "./replay.ts";

const FILE = "bronze/raw-tasks/20251127.jsonl";
const DAY = "20251127";

/** A lake with a folder for the tasks of bronze. */
async function taskLake(): Promise<Lake> {
  const lake = await temporaryLake();
  await mkdir(dirname(join(lake.root, FILE)), { recursive: true });
  return lake;
}

async function retireDay(lake: Lake): Promise<void> {
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  const content = { command: "test", version: "0", reads: [], partitions: [], rules: {} };
  await transaction.commit({ ...content, retired: [{ dataset: tasks.name, day: DAY }] });
  await lock.release();
}

const [duckDb] = testEngines;

interface ReplayTest {
  /** Default: all commits. */
  readonly upTo?: number;
  readonly dataset?: Dataset;
  readonly testEngine?: (typeof testEngines)[number] | undefined;
}

async function replay(lake: Lake, options: ReplayTest = {}): Promise<ReplayedRecord[]> {
  const { testEngine = duckDb, dataset = tasks, upTo = (await readState(lake)).last } = options;
  if (testEngine === undefined) throw new TypeError("there is no engine to test with");
  const folder = await temporaryFolder();
  const prepared = await prepareReplay({ lake, dataset, day: DAY, upTo, folder });
  const engine = await testEngine.open({ timeZone: "UTC", folder });
  try {
    return await replayPartition(engine, prepared, new Map([["task_id", identifier("task_id")]]));
  } finally {
    await engine.close();
  }
}

const shown = (records: readonly ReplayedRecord[]) =>
  records.map(({ line, commit, outcome, rule }) => [line, commit, rule ?? outcome]);

function task(id: string, ingested: number, status = "completed", timestamp = "2025-11-27T10:00:00Z"): string {
  const second = String(ingested).padStart(2, "0");
  return `{"task_id":"${id}","status":"${status}","timestamp":"${timestamp}","ingested_at":"2025-11-27T12:00:${second}.000000+00:00","layer":"bronze"}`;
}

describe.each(testEngines)("on $name", (testEngine) => {
  it("says of every record what became of it in the run that read it", { timeout: 60_000 }, async () => {
    const lake = await taskLake();
    const path = join(lake.root, FILE);
    await writeFile(path, `${task("a", 1)}\n\n${task("a", 2)}\n${task("b", 3)}\nbroken\n`);
    await promoteOnce(lake);
    await appendFile(path, `${task("b", 4)}\n${task("b", 2)}\n${task("c", 5, "completed", "2025-11-26T10:00:00Z")}\n`);
    await promoteOnce(lake);
    await appendFile(path, Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from(`${task("b", 6, "")}\n`)]));
    await promoteOnce(lake);
    expect(shown(await replay(lake, { testEngine }))).toEqual([
      [1, 1, "duplicate"],
      [3, 1, "row"],
      [4, 1, "superseded"],
      [5, 1, "record.json"],
      [6, 2, "row"],
      [7, 2, "duplicate"],
      [9, 3, "record.json"],
      [10, 3, "status.valid"],
    ]);
    expect(shown(await replay(lake, { testEngine, upTo: 1 }))).toEqual([
      [1, 1, "duplicate"],
      [3, 1, "row"],
      [4, 1, "row"],
      [5, 1, "record.json"],
    ]);
    await promoteOnce(lake, { rebuild: true });
    expect(shown(await replay(lake, { testEngine })).slice(0, 4)).toEqual([
      [1, 4, "duplicate"],
      [3, 4, "row"],
      [4, 4, "duplicate"],
      [5, 4, "record.json"],
    ]);
  });
});

it("takes the log's word for which of two records that nothing tells apart stands", { timeout: 60_000 }, async () => {
  const lake = await taskLake();
  const path = join(lake.root, FILE);
  await writeFile(path, `${task("a", 1)}\n`);
  await promoteOnce(lake);
  await appendFile(path, `${task("a", 1)}\n${task("a", 1)}\n`);
  await promoteOnce(lake);
  const records = await replay(lake);
  const { partitions } = await readState(lake);
  const count = (outcome: string) => records.filter((record) => record.outcome === outcome).length;
  expect({ duplicate: count("duplicate"), superseded: count("superseded"), rows: count("row") }).toEqual({
    duplicate: partitions.get(`tasks/${DAY}`)?.duplicate,
    superseded: partitions.get(`tasks/${DAY}`)?.superseded,
    rows: 1,
  });
});

it("goes on where silver was retired, whose later records are set aside", async () => {
  const lake = await taskLake();
  const path = join(lake.root, FILE);
  await writeFile(path, `${task("a", 1)}\n`);
  await promoteOnce(lake);
  await retireDay(lake);
  await appendFile(path, `${task("a", 2)}\n`);
  await promoteOnce(lake);
  await promoteOnce(lake, { rebuild: true });
  expect(shown(await replay(lake))).toEqual([
    [1, 1, "row"],
    [2, 3, "record.retired_day"],
  ]);
});

it("says why it cannot be done when bronze or the rules are others", async () => {
  const lake = await taskLake();
  const path = join(lake.root, FILE);
  await writeFile(path, `${task("a", 1)}\n`);
  await promoteOnce(lake);
  await expect(replay(lake, { upTo: 1, dataset: { ...tasks, rulesHash: "other" } })).rejects.toMatchObject({
    code: "NOT_EXPLAINABLE",
    facts: { commit: 1 },
  });
  await writeFile(path, `${task("b", 1)}\n`);
  await expect(replay(lake)).rejects.toMatchObject({ code: "NOT_EXPLAINABLE", facts: { file: FILE } });
  await rm(path);
  await expect(replay(lake)).rejects.toThrow(
    "This cannot be explained any more: bronze/raw-tasks/20251127.jsonl is gone",
  );
});

it("has no record for a day of which no run read any", async () => {
  expect(await replay(await taskLake())).toEqual([]);
});

it("agrees with the log and with silver, however the records are spread over runs", { timeout: 240_000 }, async () => {
  const line = fc
    .tuple(fc.constantFrom("a", "b", "c"), fc.integer({ min: 0, max: 3 }), fc.constantFrom("completed", "failed", ""))
    .map(([id, ingested, status]) => task(id, ingested, status));
  const run = fc.tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), async (runs) => {
      const lake = await taskLake();
      for (const [lines, rebuild] of runs) {
        await appendFile(join(lake.root, FILE), lines.map((text) => `${text}\n`).join(""));
        await promoteOnce(lake, { rebuild });
      }
      const bronze = (await readFile(join(lake.root, FILE), "utf8")).split("\n");
      const records = await replay(lake);
      const rows = records.filter(({ outcome }) => outcome === "row").map((record) => bronze[record.line - 1] ?? "");
      const silver = join(lake.root, silverPath(tasks.folders.silver, DAY, "jsonl"));
      const standing = await readFile(silver, "utf8").catch(() => "");
      const keyOf = (text: string) => {
        const { task_id, status, ingested_at } = JSON.parse(text);
        return JSON.stringify([task_id, status, ingested_at]);
      };
      expect(rows.map(keyOf).sort()).toEqual(standing.split("\n").filter(Boolean).map(keyOf).sort());
      expect(records).toHaveLength(runs.flatMap(([lines]) => lines).length);
    }),
    { numRuns: 3 },
  );
});
