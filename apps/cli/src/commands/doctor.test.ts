import { mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, openLake, readState } from "@medallion/lake";
import { tasks } from "@medallion/schema";
import { describe, expect, it } from "vitest";
import { alike, type Workplace } from "../testing/medallion.ts";
import { checkBronzeFiles, checkFiles, knownFiles } from "./doctor/commits.ts";
import { checkLayout, checkLeftovers, checkLock, checkScheduler, checkWritable } from "./doctor/folders.ts";
import { checkGold, checkParquet, checkRules } from "./doctor/freshness.ts";
import { checkClock, checkEngine, checkNode, checkOpenFiles, diskCheck, openFilesCheck } from "./doctor/machine.ts";

const built = alike(async (place) => {
  await place.json(
    ["ingest", "tasks", "-"],
    '{"task_id":"a","status":"completed","timestamp":"2025-11-27T10:00:00Z"}\n',
  );
  await place.json(["run"]);
});

async function filled(): Promise<Workplace & { readonly lake: string }> {
  const place = await built();
  return { ...place, lake: join(place.folder, "lake") };
}

describe("the machine", () => {
  it("is checked for what Medallion needs", async () => {
    expect(checkNode("v20.19.0").level).toBe("ok");
    expect(checkNode("v24.0.1").level).toBe("ok");
    expect(checkNode("v20.18.3")).toMatchObject({ level: "error", remedy: "Install Node 20.19 or later." });
    expect(await checkEngine()).toMatchObject({ level: "ok", found: expect.stringMatching(/^DuckDB v1/) });
    expect(diskCheck(50 * 1024 ** 2).level).toBe("error");
    expect(diskCheck(500 * 1024 ** 2)).toMatchObject({ level: "warning", found: "0.5 GiB free" });
    expect(diskCheck(50 * 1024 ** 3).level).toBe("ok");
    expect(checkOpenFiles()).toMatchObject({
      name: "open files",
      found: expect.stringMatching(/^at most|no known limit/),
    });
    expect(openFilesCheck({ userLimits: { open_files: { soft: 256, hard: "unlimited" } } }).level).toBe("warning");
    expect(openFilesCheck({ userLimits: { open_files: { soft: "unlimited" } } }).level).toBe("ok");
    expect(openFilesCheck({}).level).toBe("ok");
  });

  it("has a clock that agrees with the past", () => {
    const now = new Date("2026-01-01T00:00:00Z");
    expect(checkClock(now, null).level).toBe("ok");
    expect(checkClock(now, "2025-12-31T23:59:59.000000Z").level).toBe("ok");
    expect(checkClock(now, "2026-01-01T00:10:00.000000Z").level).toBe("error");
    expect(checkClock(new Date("1970-01-01T00:00:09Z"), null).level).toBe("error");
  });
});

describe("medallion doctor", { timeout: 120_000 }, () => {
  it("finds nothing in a lake that is well", async () => {
    const place = await filled();
    const report = await place.json(["doctor"]);
    expect(report).toMatchObject({ status: "ok" });
    expect(report.checks).toHaveLength(15);
    expect((await place.medallion(["doctor"])).stdout).toMatch(/^ok {7}node {8}Node v.*\nAll is well\.\n$/s);
  });

  it("says what to do where there is no lake, or one that cannot be read", async () => {
    const place = await filled();
    const none = await place.medallion(["doctor", "--lake", "nowhere"]);
    expect(none.code).toBe(1);
    expect(none.stdout).toMatch(/error {4}lake .*\n *→ Run `medallion init`/);
    await writeFile(join(place.lake, "_medallion/commits/00000000000000000001.json"), "{");
    const broken = await place.medallion(["doctor", "--json"]);
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout).checks).toContainEqual(
      expect.objectContaining({ name: "commit log", level: "error", remedy: expect.stringMatching(/^Restore/) }),
    );
  });

  it("finds files that were changed or taken away", async () => {
    const place = await filled();
    const lake = await openLake(place.lake);
    const state = await readState(lake);
    const files = await knownFiles(lake, state);
    expect((await checkFiles(lake, files)).level).toBe("ok");
    await writeFile(join(place.lake, "silver/processed-tasks/20251127.jsonl"), "");
    await rm(join(place.lake, "gold/analytics/daily-20251127.json"));
    expect(await checkFiles(lake, files)).toMatchObject({
      level: "error",
      found: expect.stringMatching(/missing: gold\/.*; changed since: silver\/.*\(0 bytes, written [0-9]+\)/),
    });
    expect((await checkBronzeFiles(lake, state)).level).toBe("ok");
    const [bronze = ""] = [...state.files.keys()];
    await truncate(join(place.lake, bronze), 3);
    expect(await checkBronzeFiles(lake, state)).toMatchObject({
      level: "error",
      found: expect.stringContaining("(3 bytes"),
    });
    await rm(join(place.lake, bronze));
    expect((await checkBronzeFiles(lake, state)).found).toContain("(missing)");
    const { code, stdout } = await place.medallion(["doctor"]);
    expect({ code, last: stdout.trim().split("\n").at(-1) }).toEqual({
      code: 1,
      last: "Something is broken; see the errors above.",
    });
  });

  it("finds what is out of date", async () => {
    const place = await filled();
    const lake = await openLake(place.lake);
    const state = await readState(lake);
    const files = await knownFiles(lake, state);
    expect(checkRules(state, [tasks]).level).toBe("ok");
    expect(checkRules(state, [{ ...tasks, rulesHash: "0".repeat(64) }])).toMatchObject({ level: "warning" });
    expect(checkGold(state).level).toBe("ok");
    expect(checkGold({ ...state, gold: new Map() })).toMatchObject({
      level: "warning",
      found: expect.stringContaining("20251127"),
    });
    expect(checkParquet(state, [tasks], files).level).toBe("ok");
    expect(checkParquet(state, [tasks], new Map())).toMatchObject({
      level: "error",
      found: "missing for tasks/20251127",
    });
  });

  it("finds folders, locks and leftovers that are not as they should be", async () => {
    const place = await filled();
    const lake = await openLake(place.lake);
    expect((await checkWritable(lake)).level).toBe("ok");
    expect((await checkWritable(lake, () => Date.now() + 3_600_000)).level).toBe("warning");
    expect((await checkLock(lake)).found).toBe("free");
    const lock = await acquireLock(lake, { command: "medallion run" });
    const file = join(place.lake, "_medallion/lock");
    const record = JSON.parse(await readFile(file, "utf8"));
    await mkdir(join(place.lake, "_medallion/tmp/left"));
    expect(await checkLock(lake)).toMatchObject({
      level: "ok",
      found: expect.stringContaining(`process ${process.pid}`),
    });
    expect((await checkLeftovers(lake)).level).toBe("ok");
    await lock.release();
    expect(await checkLeftovers(lake)).toMatchObject({ level: "warning", found: "1 in _medallion/tmp: left" });
    await writeFile(file, JSON.stringify({ ...record, process_start: "another boot 1" }));
    expect((await checkLock(lake)).level).toMatch(/^(warning|ok)$/);
    await writeFile(file, JSON.stringify({ ...record, host: "another.host" }));
    expect(await checkLock(lake)).toMatchObject({ level: "warning", remedy: expect.stringContaining("delete") });
    await writeFile(file, "");
    expect((await checkLock(lake)).level).toBe("error");
    await rm(join(place.lake, "_medallion/names"), { recursive: true });
    expect(await checkLayout(lake)).toMatchObject({
      level: "error",
      found: expect.stringContaining("_medallion/names"),
    });
  });

  it("notices a scheduler that died", async () => {
    const place = await filled();
    const lake = await openLake(place.lake);
    const now = new Date("2026-01-01T01:00:00Z");
    expect(await checkScheduler(lake, now)).toBeNull();
    const levelOf = async (heartbeat: object) => {
      await writeFile(join(place.lake, "_medallion/heartbeat.json"), JSON.stringify(heartbeat));
      return (await checkScheduler(lake, now))?.level;
    };
    expect(await levelOf({ state: "waiting", at: "2026-01-01T00:59:00Z", last_result: "ok" })).toBe("ok");
    expect(await levelOf({ state: "waiting", at: "2026-01-01T00:30:00Z", last_result: "ok" })).toBe("warning");
    expect(await levelOf({ state: "waiting", at: "2026-01-01T00:59:00Z", last_result: "failed" })).toBe("warning");
    expect(await levelOf({ state: "running", at: "2026-01-01T00:30:00Z", last_result: null })).toBe("ok");
    expect(await levelOf({ state: "stopped", at: "2025-01-01T00:00:00Z", last_result: "ok" })).toBe("ok");
    expect(await levelOf([])).toBe("warning");
  });
});
