import { readFileSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lake } from "../lake.ts";
import { startChild } from "../testing/children.ts";
import { Crash, crashAt, withoutLinks } from "../testing/crashing-storage.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { lockHolder } from "./holder.ts";
import { acquireLock } from "./lock.ts";
import { newRecord, recordText } from "./lock-record.ts";

const lockFile = (lake: Lake) => join(lake.root, "_medallion/lock");

/** A process that took the lock and was killed. */
async function leaveDeadLock(lake: Lake): Promise<void> {
  const child = startChild("hold-lock.mjs", lake.root);
  expect(await child.line()).toBe("held");
  child.process.kill("SIGKILL");
  await child.end();
}

test("one holder at a time; the message names it", async () => {
  const lake = await temporaryLake();
  const lock = await acquireLock(lake, { command: "medallion run" });
  await lock.check();
  await expect(acquireLock(lake, { command: "other" })).rejects.toMatchObject({
    code: "LAKE_LOCKED",
    message: expect.stringMatching(/process \d+ on .+ \(medallion run, since \d{4}-.+Z\)\. Wait/),
    facts: { pid: process.pid, command: "medallion run", file: lockFile(lake) },
  });
  await lock.release();
  await lock.release();
  await (await acquireLock(lake, { command: "next" })).release();
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([]);
});

test("who has the lock can be seen without taking it", async () => {
  const lake = await temporaryLake();
  expect(await lockHolder(lake)).toBeNull();
  const lock = await acquireLock(lake, { command: "medallion run" });
  expect(await lockHolder(lake)).toMatchObject({ pid: process.pid, command: "medallion run", state: "running" });
  await lock.release();
  await leaveDeadLock(lake);
  expect(await lockHolder(lake)).toMatchObject({ state: "ended" });
  await writeFile(lockFile(lake), "nothing");
  expect(await lockHolder(lake)).toBe("unreadable");
});

test("a lock that is held by a live process is waited for", async () => {
  const lake = await temporaryLake();
  const child = startChild("hold-lock.mjs", lake.root);
  await child.line();
  await expect(acquireLock(lake, { command: "x" })).rejects.toMatchObject({ facts: { pid: child.process.pid ?? 0 } });
  const waiting = acquireLock(lake, { command: "x", waitMs: 20_000 });
  child.process.stdin?.end();
  await (await waiting).release();
  expect((await child.end()).code).toBe(0);
});

test("the wait ends with its signal", async () => {
  const lake = await temporaryLake();
  await acquireLock(lake, { command: "first" });
  const controller = new AbortController();
  const waiting = acquireLock(lake, { command: "second", waitMs: 20_000, signal: controller.signal });
  controller.abort(new Error("interrupted"));
  await expect(waiting).rejects.toThrow("interrupted");
});

test("the lock of a killed process is taken over", async () => {
  const lake = await temporaryLake();
  await leaveDeadLock(lake);
  const lock = await acquireLock(lake, { command: "x" });
  await lock.check();
  await expect(acquireLock(lake, { command: "y" })).rejects.toMatchObject({ code: "LAKE_LOCKED" });
  await lock.release();
  expect(await readdir(join(lake.root, "_medallion"))).not.toContainEqual(expect.stringMatching(/^lock/));
});

test("of many processes that find a dead lock, one at a time gets it, and each in its turn", async () => {
  const lake = await temporaryLake();
  await leaveDeadLock(lake);
  const marker = join(lake.root, "alone");
  const children = Array.from({ length: 6 }, () => startChild("die-with-lock.mjs", lake.root, marker));
  for (const child of children) expect(await child.line()).toBe("ready");
  for (const child of children) child.process.stdin?.write("go\n");
  const ends = await Promise.all(children.map((child) => child.end()));
  expect(ends.map(({ signal, errors }) => ({ signal, errors }))).toEqual(
    children.map(() => ({ signal: "SIGKILL", errors: "" })),
  );
  await acquireLock(lake, { command: "last" });
});

test("within one process, one of many attempts takes over a dead lock", async () => {
  const lake = await temporaryLake();
  await leaveDeadLock(lake);
  const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => acquireLock(lake, { command: "x" })));
  expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
});

test("a take-over that dies at any step leaves a lock that can be taken over", async () => {
  for (let step = 1; ; step++) {
    const lake = await temporaryLake();
    await leaveDeadLock(lake);
    const dead = await readFile(lockFile(lake), "utf8");
    const { storage, crashed } = crashAt(step);
    const taken = await acquireLock({ ...lake, storage }, { command: "taker" }).catch((error: unknown) => error);
    if (!crashed()) break;
    expect(taken).toBeInstanceOf(Crash);
    // The taker was this process; for those that come after it, it is one that has ended.
    const { pid } = JSON.parse(dead);
    for (const name of await readdir(join(lake.root, "_medallion"))) {
      if (!name.startsWith("lock")) continue;
      const file = join(lake.root, "_medallion", name);
      const record: object = JSON.parse(await readFile(file, "utf8"));
      await writeFile(file, JSON.stringify({ ...record, pid }));
    }
    const lock = await acquireLock(lake, { command: "next" });
    await expect(acquireLock(lake, { command: "y" })).rejects.toMatchObject({ code: "LAKE_LOCKED" });
    await lock.release();
  }
});

test.each([
  ["host", { host: "elsewhere" }],
  ["container", { pidNamespace: "pid:[1]" }],
])("a lock of another %s is never taken over", async (_, place) => {
  const lake = await temporaryLake();
  await writeFile(lockFile(lake), recordText({ ...newRecord("medallion run"), pid: 2 ** 30, ...place }));
  await expect(acquireLock(lake, { command: "x" })).rejects.toMatchObject({
    code: "LAKE_LOCKED",
    message: expect.stringMatching(/can only be seen there.*delete .*_medallion.lock/s),
  });
});

test.runIf(process.platform === "linux")("a process id that was given to another process is no holder", async () => {
  const lake = await temporaryLake();
  await writeFile(lockFile(lake), recordText({ ...newRecord("x"), processStart: "boot 1" }));
  await acquireLock(lake, { command: "y" });
});

test.each(["", "{", '{"format":2}', '{"format":1,"token":"../../x"}'])(
  "a lock file of %j is nobody's, and stays",
  async (text) => {
    const lake = await temporaryLake();
    await writeFile(lockFile(lake), text);
    await expect(acquireLock(lake, { command: "x" })).rejects.toMatchObject({
      code: "LAKE_LOCKED",
      message: expect.stringContaining("does not say by whom"),
    });
    expect(readFileSync(lockFile(lake), "utf8")).toBe(text);
  },
);

test("a lock that someone removed is lost", async () => {
  const lake = await temporaryLake();
  const lock = await acquireLock(lake, { command: "x" });
  await rm(lockFile(lake));
  await expect(lock.check()).rejects.toMatchObject({ code: "LOCK_LOST" });
  const other = await acquireLock(lake, { command: "y" });
  await expect(lock.check()).rejects.toMatchObject({ code: "LOCK_LOST" });
  await lock.release();
  await other.check();
});

test("works where files cannot be linked", async () => {
  const lake = { ...(await temporaryLake()), storage: withoutLinks };
  const attempts = await Promise.allSettled(Array.from({ length: 10 }, () => acquireLock(lake, { command: "x" })));
  expect(attempts.filter((attempt) => attempt.status === "fulfilled")).toHaveLength(1);
});
