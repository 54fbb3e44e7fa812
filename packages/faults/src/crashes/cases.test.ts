import { appendFile, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expectOnce, idsInBronze } from "../bronze.ts";
import { filesOf, temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";

const BRONZE = "bronze/raw-tasks";
const COMMIT = "_medallion/commits/00000000000000000001.json";
const taskLine = (id: string) =>
  JSON.stringify({ task_id: id, status: "completed", timestamp: "2025-11-27T10:00:00Z" });
const ingest = (lake: string, id: string) => succeed(lake, ["ingest", "tasks", "--data", taskLine(id)]);

async function lakeWith(...ids: string[]): Promise<string> {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init"]);
  for (const id of ids) await ingest(lake, id);
  return lake;
}

async function bronzeFile(lake: string): Promise<string> {
  const [file] = (await filesOf(lake)).filter((path) => path.startsWith(BRONZE));
  return join(lake, file ?? "");
}

it("a torn last line waits, is never continued, and is set aside", async () => {
  const lake = await lakeWith("a");
  await appendFile(await bronzeFile(lake), '{"task_id":"torn","sta');
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 1 });
  await ingest(lake, "b");
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 2 });
  expectOnce(await idsInBronze(lake), ["a", "b"]);
  expect(await succeed(lake, ["quarantine", "list"])).toMatchObject({ records: 1 });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});

it("half a commit is an error that names it, and nothing is built on it", async () => {
  const lake = await lakeWith("a");
  await succeed(lake, ["run"]);
  const text = await readFile(join(lake, COMMIT), "utf8");
  await truncate(join(lake, COMMIT), Math.floor(text.length / 2));
  await ingest(lake, "b");
  for (const command of ["run", "status", "verify"]) {
    const { code, stdout, stderr } = await medallion(lake, [command]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(COMMIT);
  }
  await writeFile(join(lake, COMMIT), text);
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 1 });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});

it("a commit without its files is noticed, and a rebuild makes them again", async () => {
  const lake = await lakeWith("a");
  await succeed(lake, ["run"]);
  await rm(join(lake, "silver"), { recursive: true });
  await rm(join(lake, "gold"), { recursive: true });
  const { code, stdout } = await medallion(lake, ["verify"]);
  expect(code).toBe(1);
  expect(stdout).toContain("missing   silver/processed-tasks/20251127.jsonl");
  expect(stdout).toContain("missing   gold/analytics/daily-20251127.json");
  await ingest(lake, "b");
  const refused = await medallion(lake, ["run"]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--rebuild")]);
  await succeed(lake, ["run", "--rebuild"]);
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});

it("a lock that a dead process left is taken over; one of another host is not", async () => {
  const lake = await lakeWith("a");
  const killed = await medallion(lake, ["run"], { fault: { at: 20, moment: "before" } });
  expect(killed.signal).toBe("SIGKILL");
  const lock = join(lake, "_medallion/lock");
  const record: Record<string, unknown> = JSON.parse(await readFile(lock, "utf8"));
  await writeFile(lock, JSON.stringify({ ...record, host: `not-${hostname()}` }));
  const refused = await medallion(lake, ["run"]);
  expect(refused.code).toBe(75);
  expect(refused.stderr).toContain(`process ${String(record.pid)} on not-${hostname()} (medallion run, since`);
  expect(refused.stderr).toContain(lock);
  await writeFile(lock, JSON.stringify(record));
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 1 });
  expect(await filesOf(join(lake, "_medallion/tmp"))).toEqual([]);
  expect(await filesOf(join(lake, "_medallion"))).not.toContain("lock");
});
