import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { readState } from "../commits/read-state.ts";
import { acquireLock } from "../lock/lock.ts";
import { temporaryPath } from "../storage/files.ts";
import { localStorage } from "../storage/local-storage.ts";
import { storageFailure } from "../storage/storage-failure.ts";
import { withoutLinks } from "../testing/crashing-storage.ts";
import { counts, range, temporaryFolder, temporaryLake } from "../testing/lakes.ts";
import { commitRun, contentOf, prepareRun } from "../testing/one-run.ts";
import { beginTransaction } from "./transaction.ts";

const EMPTY = { command: "x", version: "1", reads: [], partitions: [], rules: {} };
const SILVER = "silver/processed-tasks/20251127.jsonl";

async function begun(storage = localStorage) {
  const lake = { ...(await temporaryLake()), storage };
  const lock = await acquireLock(lake, { command: "test" });
  return { lake, lock, transaction: await beginTransaction(lake, lock) };
}

test.each([
  ["with", localStorage],
  ["without", withoutLinks],
])("a commit moves the files and adds to the log (%s links)", async (_, storage) => {
  const { lake, transaction } = await begun(storage);
  await prepareRun(lake);
  const commit = await commitRun(transaction);
  expect(commit).toMatchObject({
    number: 1,
    writes: [
      { file: SILVER, bytes: 12, rows: 2 },
      { file: "silver/processed-tasks/20251127.parquet", bytes: 4, rows: null },
      { file: "gold/analytics/daily-20251127.json", bytes: 20, rows: null },
    ],
    removes: ["gold/analytics/daily-20251126.json"],
  });
  expect(Object.keys(await contentOf(lake))).toEqual([
    "_medallion/commits/00000000000000000001.json",
    "_medallion/lake.json",
    "gold/analytics/daily-20251127.json",
    SILVER,
    "silver/processed-tasks/20251127.parquet",
  ]);
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([]);
  expect(await readState(lake)).toMatchObject({ last: 1, lastCommit: commit });
});

test("an aborted transaction leaves no trace", async () => {
  const { lake, transaction } = await begun();
  await writeFile(await transaction.stage(SILVER), "x");
  await transaction.abort();
  await transaction.abort();
  expect(Object.keys(await contentOf(lake))).toEqual(["_medallion/lake.json"]);
  await expect(transaction.stage(SILVER)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
  expect(() => transaction.remove(SILVER)).toThrowError(expect.objectContaining({ code: "TRANSACTION_CLOSED" }));
  await expect(transaction.commit(EMPTY)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
});

test("only data is staged, each path once", async () => {
  const { lake, transaction } = await begun();
  expect(transaction.staged(SILVER)).toBe(null);
  expect(await transaction.stage(SILVER)).toBe(await transaction.stage(SILVER));
  expect(transaction.staged(SILVER)).toBe(await transaction.stage(SILVER));
  for (const path of ["_medallion/lake.json", "../x", "x", "silver", "silver/../_medallion/lock"]) {
    await expect(transaction.stage(path)).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
    expect(() => transaction.remove(path)).toThrowError(expect.objectContaining({ code: "PATH_OUTSIDE_LAKE" }));
  }
  if (process.platform === "win32") return;
  await symlink(await temporaryFolder(), join(lake.root, "gold/away"));
  await expect(transaction.stage("gold/away/x.json")).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
});

test("a path that is staged and removed is written", async () => {
  const { lake, transaction } = await begun();
  transaction.remove(SILVER);
  await writeFile(await transaction.stage(SILVER), "x");
  expect((await transaction.commit(EMPTY)).removes).toEqual([]);
  expect(existsSync(join(lake.root, SILVER))).toBe(true);
});

test("what cannot be committed is refused before anything has changed", async () => {
  const { lake, lock } = await begun();
  await prepareRun(lake);
  const before = await contentOf(lake);
  const refusals: [string, Record<string, unknown>, string[]][] = [
    ["COUNTS_DO_NOT_BALANCE", { partitions: [{ ...counts("tasks", "20251127", 1), read: 2 }] }, []],
    ["COMMIT_INVALID", { reads: [range("bronze/x/20251127.jsonl", 5, 6)] }, []],
    ["COMMIT_INVALID", { reads: [{ ...range("bronze/x/20251127.jsonl", 0, 6), sha256: "x" }] }, []],
    ["COMMIT_INVALID", { rows: { [SILVER]: -1 } }, [SILVER]],
    ["LAKE_INVALID", {}, [SILVER, "silver/x/never-written"]],
    ["LAKE_INVALID", {}, ["silver/processed-tasks"]],
  ];
  for (const [code, content, staged] of refusals) {
    const transaction = await beginTransaction(lake, lock);
    for (const path of staged) {
      const file = await transaction.stage(path);
      if (!path.endsWith("never-written")) await writeFile(file, "x");
    }
    await expect(transaction.commit({ ...EMPTY, ...content })).rejects.toMatchObject({ code });
    await transaction.abort();
    expect(await contentOf(lake)).toEqual(before);
  }
});

test("a commit deletes files only", async () => {
  const { lake, lock, transaction } = await begun();
  await prepareRun(lake);
  transaction.remove("silver/processed-tasks");
  await expect(transaction.commit(EMPTY)).rejects.toMatchObject({ code: "LAKE_INVALID" });
  expect(existsSync(join(lake.root, SILVER))).toBe(true);
  if (process.platform === "win32") return;
  const outside = join(await temporaryFolder(), "x");
  await writeFile(outside, "");
  await symlink(outside, join(lake.root, "gold/x"));
  const next = await beginTransaction(lake, lock);
  next.remove("gold/x");
  await expect(next.commit(EMPTY)).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
});

test("without the lock nothing is written", async () => {
  const { lake, lock, transaction } = await begun();
  await writeFile(await transaction.stage(SILVER), "x");
  await rm(join(lake.root, "_medallion/lock"));
  await expect(transaction.commit(EMPTY)).rejects.toMatchObject({ code: "LOCK_LOST" });
  await expect(beginTransaction(lake, lock)).rejects.toMatchObject({ code: "LOCK_LOST" });
  expect(existsSync(join(lake.root, SILVER))).toBe(false);
});

test("a transaction that another run overtook is refused", async () => {
  const { lake, lock, transaction } = await begun();
  await writeFile(join(lake.root, "_medallion/commits/00000000000000000001.json"), "{}");
  await expect(transaction.commit(EMPTY)).rejects.toMatchObject({ code: "COMMIT_CONFLICT" });
  await expect(beginTransaction(lake, lock)).rejects.toMatchObject({ code: "COMMIT_INVALID" });
});

test("a full disk stops the commit, and the next run goes on", async () => {
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  let space = true;
  const { lake, lock, transaction } = await begun({
    ...localStorage,
    write: (path, data) =>
      space ? localStorage.write(path, data) : Promise.reject(storageFailure("write", path, full)),
  });
  space = false;
  await expect(commitRun(transaction)).rejects.toMatchObject({
    code: "STORAGE_FAILED",
    message: expect.stringMatching(/prepared\.json: the disk is full\. Free some space.*ENOSPC/),
  });
  space = true;
  const next = await beginTransaction(lake, lock);
  expect(next.state.last).toBe(0);
  expect(await commitRun(next)).toMatchObject({ number: 1 });
});

test("leftovers go; temporary files of running processes stay, those of unknown ones until they are old", async () => {
  const { lake, lock, transaction } = await begun();
  const running = temporaryPath("spool");
  await writeFile(join(lake.root, running), "ours");
  const start = running.split(".")[1]?.split("-").slice(1).join("-");
  await writeFile(join(lake.root, "_medallion/tmp", `spool.4194305-${start}.x`), "of a process that has ended");
  await writeFile(await transaction.stage(SILVER), "x");
  await writeFile(join(lake.root, "_medallion/tmp/spool-1"), "a bronze writer's");
  await mkdir(join(lake.root, "_medallion/tmp/transaction-old"));
  await (await beginTransaction(lake, lock)).abort();
  expect((await readdir(join(lake.root, "_medallion/tmp"))).sort()).toEqual(["spool-1", basename(running)].sort());
  const aged = {
    ...localStorage,
    status: async (path: string) => {
      const status = await localStorage.status(path);
      return status === null ? null : { ...status, modified: status.modified - 86_500_000 };
    },
  };
  await (await beginTransaction({ ...lake, storage: aged }, lock)).abort();
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([basename(running)]);
});

test("a folder on another file system is found before it is too late", async () => {
  const { lake, transaction } = await begun({
    ...localStorage,
    status: async (path) => {
      const status = await localStorage.status(path);
      return status !== null && path.endsWith("processed-tasks") ? { ...status, device: -1 } : status;
    },
  });
  await writeFile(await transaction.stage(SILVER), "x");
  await expect(transaction.commit(EMPTY)).rejects.toMatchObject({
    code: "LAKE_INVALID",
    message: expect.stringContaining("one file system"),
  });
  expect(existsSync(join(lake.root, "_medallion/tmp/prepared.json"))).toBe(false);
});

test("every fiftieth commit makes a checkpoint", async () => {
  const { lake, lock } = await begun();
  for (let number = 1; number <= 51; number++) await (await beginTransaction(lake, lock)).commit(EMPTY);
  const { body } = JSON.parse(await readFile(join(lake.root, "_medallion/checkpoint.json"), "utf8"));
  expect(body.number).toBe(50);
  expect(await readState(lake)).toMatchObject({ last: 51 });
});
