import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, beginTransaction, openLake } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { documentOf, linesIn, workplace, workplaceWithLake } from "./testing/medallion.ts";

async function digestOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file).update(await readFile(file));
  return hash.digest("hex");
}

const task = (id: string, more: object = {}) =>
  JSON.stringify({
    task_id: id,
    status: "completed",
    created_at: "2025-11-27T10:00:00Z",
    completed_at: "2025-11-27T10:00:42.5Z",
    ...more,
  });

describe("medallion run", () => {
  it("changes no byte when there is nothing new, and says so", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", "-"], `${task("a")}\n${task("b", { master: "m" })}\n{broken\n`);
    await place.json(["run"]);
    const before = await digestOf(join(place.folder, "lake"));
    const second = await place.spawned(["run"]);
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(second.stdout).toContain("Nothing to do");
    expect(await digestOf(join(place.folder, "lake"))).toBe(before);
  });

  it("ends with 75 and names the holder when another run has the lock", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", "-"], task("a"));
    const lock = await acquireLock(await openLake(join(place.folder, "lake")), { command: "medallion run" });
    const second = await place.spawned(["run"]);
    await lock.release();
    expect(second.code).toBe(75);
    expect(second.stderr).toContain(String(process.pid));
    expect((await place.spawned(["run"])).code).toBe(0);
  });

  it("rebuilds silver from bronze with the same bytes, but for the time of processing", async () => {
    const place = await workplaceWithLake();
    for (const part of [
      [task("a"), task("b"), "{x"],
      [task("a", { master: "later" }), task("c")],
      [task("b"), "5"],
    ]) {
      await place.json(["ingest", "tasks", "-"], part.join("\n"));
      await place.json(["run"]);
    }
    const read = async () =>
      (await linesIn(join(place.folder, "lake/silver/processed-tasks"))).map(({ processed_at: _, ...rest }) => rest);
    const quarantine = () => linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
    const [silver, asideBefore] = [await read(), await quarantine()];
    expect(silver).toHaveLength(3);
    expect(await place.json(["run", "--rebuild"])).toMatchObject({
      read: 7,
      accepted: 3,
      duplicates: 2,
      quarantined: 2,
    });
    expect(await read()).toEqual(silver);
    expect(await quarantine()).toEqual(asideBefore);
    expect(await place.json(["status"])).toMatchObject({ partitions: [{ rows: 3, duplicate: 2 }, { quarantined: 2 }] });
  });

  it("keeps every token of awkward records through bronze and silver", async () => {
    const place = await workplaceWithLake();
    const big = "x".repeat(20 * 1024 * 1024);
    const records = [
      `{"task_id":"big","status":"queued","timestamp":"2025-11-27T00:00:00Z","text":"${big}"}`,
      '{"task_id":"int","status":"queued","timestamp":"2025-11-27T00:00:00Z","n":1234567890123456789012345678901234567890,"f":1.10,"e":1E400}',
      '{"task_id":"twice","status":"queued","status":"failed","timestamp":"2025-11-27T00:00:00Z"}',
      '{"task_id":"proto","status":"queued","timestamp":"2025-11-27T00:00:00Z","__proto__":{"x":1},"constructor":2}',
      '{"task_id":"emoji 😀","status":"queued","timestamp":"2025-11-27T00:00:00Z","zero":"\\u0000","é":"\\u00e9"}',
      '{"task_id":"layer","layer":"mine","status":"queued","timestamp":"2025-11-27T00:00:00Z"}',
    ];
    await writeFile(join(place.folder, "in.jsonl"), records.join("\n"));
    await place.json(["ingest", "tasks", "in.jsonl"]);
    const [name = ""] = await readdir(join(place.folder, "lake/bronze/raw-tasks"));
    const bronze = (await readFile(join(place.folder, "lake/bronze/raw-tasks", name), "utf8")).split("\n");
    for (const [index, record] of records.slice(0, 5).entries()) {
      expect(bronze[index]?.startsWith(`${record.slice(0, -1)},"ingested_at":`), `record ${index}`).toBe(true);
    }
    expect(documentOf(bronze[5] ?? "").raw).toBe(records[5]);
    expect(await place.json(["run"])).toMatchObject({ read: 6, accepted: 5, quarantined: 1 });
    const silver = await readFile(join(place.folder, "lake/silver/processed-tasks/20251127.jsonl"), "utf8");
    const lineOf = (id: string) => silver.split("\n").find((line) => line.includes(`"task_id":"${id}"`)) ?? "";
    expect(lineOf("big")).toContain(`"text":"${big}"`);
    expect(lineOf("int")).toContain('"n":1234567890123456789012345678901234567890,"f":1.10,"e":1E400');
    expect(lineOf("proto")).toContain('"__proto__":{"x":1},"constructor":2');
    expect(lineOf("emoji 😀")).toContain('"zero":"\\u0000","é":"\\u00e9"');
    expect(documentOf(lineOf("layer"))).toMatchObject({ layer: "silver", _rescued_data: { layer: "mine" } });
    const [aside] = await linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
    expect(aside).toMatchObject({ rule: "record.unique_keys", raw: records[2] });
  });

  it("promotes what a torn write has left, as quarantine", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", "-"], task("a"));
    const folder = join(place.folder, "lake/bronze/raw-tasks");
    const [name = ""] = await readdir(folder);
    const torn = Buffer.concat([Buffer.from('{"task_id":"torn","é":"'), Buffer.of(0xc3, 0x0a)]);
    await writeFile(join(folder, name), Buffer.concat([await readFile(join(folder, name)), torn]));
    expect(await place.json(["run"])).toMatchObject({ read: 2, accepted: 1, quarantined: 1 });
    expect(await linesIn(join(place.folder, "lake/silver/quarantine/tasks"))).toMatchObject([{ rule: "record.json" }]);
  });

  it("makes gold again that is older than its silver, and says where the numbers of a day are", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", "-"], task("a"));
    const gold = "gold/analytics/daily-20251127.json";
    expect(await place.json(["run", "2025-11-27"])).toMatchObject({ document: gold });
    const lake = await openLake(join(place.folder, "lake"));
    const lock = await acquireLock(lake, { command: "test" });
    const transaction = await beginTransaction(lake, lock);
    transaction.remove(gold);
    await transaction.commit({ command: "test", version: "0", reads: [], partitions: [], rules: {} });
    await lock.release();
    expect(await place.json(["run", "20251127"])).toMatchObject({ read: 0, documents: [gold], document: gold });
    expect(await place.json(["run", "20251127"])).toMatchObject({ status: "nothing to do", document: gold });
    const empty = "gold/analytics/daily-20251128.json";
    expect(await place.json(["run", "20251128"])).toMatchObject({ read: 0, documents: [empty], document: empty });
    const summary = { total_tasks: 0, completion_rate: null };
    const text = await readFile(join(place.folder, "lake", empty), "utf8");
    expect(documentOf(text)).toMatchObject({ summary });
  });

  it("puts late records on their own day and makes its gold again", async () => {
    const place = await workplace();
    await place.json(["init", "--timezone", "Europe/Berlin"]);
    await place.json(["ingest", "tasks", "-"], task("a", { timestamp: "2025-11-27T23:30:00Z" }));
    const documents = ["gold/analytics/daily-20251128.json", "gold/quality/quality-20251128.json"];
    expect(await place.json(["run"])).toMatchObject({ documents });
    await place.json(["ingest", "tasks", "-"], task("b", { timestamp: "2025-11-28T01:00:00" }));
    expect(await place.json(["run"])).toMatchObject({ read: 1, documents });
    const text = await readFile(join(place.folder, "lake/gold/analytics/daily-20251128.json"), "utf8");
    expect(documentOf(text)).toMatchObject({
      timezone: "Europe/Berlin",
      summary: { total_tasks: 2 },
      quality: { read: 2, rows: 2 },
    });
  });
});

describe("Ctrl-C", () => {
  it("ends a run with 130, commits nothing and leaves the work to the next run", async () => {
    const place = await workplaceWithLake();
    const lines = Array.from({ length: 60_000 }, (_, index) => task(`t-${index}`, { note: "x".repeat(300), index }));
    await writeFile(join(place.folder, "in.jsonl"), lines.join("\n"));
    await place.json(["ingest", "tasks", "in.jsonl"]);
    const stopped = await place.spawned(["run"], "", "SIGINT");
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toBe("medallion: Interrupted. Nothing was committed; the next run does the work again.\n");
    expect(await readdir(join(place.folder, "lake/_medallion/commits"))).toEqual([]);
    expect(await place.json(["run"])).toMatchObject({ read: 60_000, accepted: 60_000 });
  });
});

it("ends quietly when nobody reads what it prints", async () => {
  const place = await workplaceWithLake();
  expect(await place.unread(["status", "--json"])).toMatchObject({ code: 0, stderr: "" });
});

describe("what a user does wrong", () => {
  it("is told without a stack trace, with the fitting exit code", async () => {
    const place = await workplace();
    const cases: [string[], number, string][] = [
      [["run"], 2, "medallion init"],
      [["bogus"], 2, "unknown command"],
      [["run", "--bogus"], 2, "unknown option"],
      [["init", "--timezone", "Mars/Olympus"], 2, "Mars/Olympus"],
    ];
    for (const [args, code, text] of cases) {
      const outcome = await place.spawned(args);
      expect(outcome.code, args.join(" ")).toBe(code);
      expect(outcome.stderr).toContain(text);
      expect(outcome.stderr).not.toContain("    at ");
    }
    await place.json(["init"]);
    for (const [args, code, text] of [
      [["run", "20250230"], 2, "20250230"],
      [["ingest", "tasks", "missing.json"], 2, "missing.json"],
    ] as [string[], number, string][]) {
      const outcome = await place.spawned([...args, "--json"]);
      expect(outcome.code, args.join(" ")).toBe(code);
      expect(outcome.stderr).toContain(text);
      expect(documentOf(outcome.stdout)).toHaveProperty("error.code");
    }
  });

  it("hears that 0 records were read", async () => {
    const place = await workplaceWithLake();
    expect((await place.spawned(["ingest", "tasks", "-"], "\n\n")).stdout).toContain("0 records");
  });
});
