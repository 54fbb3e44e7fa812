import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readState } from "../commits/read-state.ts";
import type { Lake } from "../lake.ts";
import { acquireLock, type LakeLock } from "../lock/lock.ts";
import { initLake } from "../open-lake.ts";
import { localStorage } from "../storage/local-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { startChild } from "../testing/children.ts";
import { crashAt, withoutLinks } from "../testing/crashing-storage.ts";
import { temporaryFolder, temporaryLake } from "../testing/lakes.ts";
import { commitRun, contentOf, prepareRun } from "../testing/one-run.ts";
import { beginTransaction } from "./transaction.ts";

const PREPARED = "_medallion/tmp/prepared.json";

async function lockedLake(): Promise<{ lake: Lake; lock: LakeLock }> {
  const lake = await temporaryLake();
  await prepareRun(lake);
  return { lake, lock: await acquireLock(lake, { command: "test" }) };
}

/** What the lake holds after a run that nothing disturbed. */
async function undisturbed(): Promise<Record<string, string>> {
  const { lake, lock } = await lockedLake();
  await commitRun(await beginTransaction(lake, lock));
  return contentOf(lake);
}

/** What the next run does: repair, and the work again unless its commit is there. */
async function nextRun(lake: Lake, lock: LakeLock): Promise<void> {
  const transaction = await beginTransaction(lake, lock);
  if (transaction.state.last === 0) await commitRun(transaction);
  else await transaction.abort();
}

/** Creation of a commit dies in the middle of a file system without links: an empty file has its name. */
function unlinked(storage: Storage): Storage {
  return { ...storage, link: withoutLinks.link };
}

test.each([
  ["with", (storage: Storage) => storage],
  ["without", unlinked],
])("a run that dies at any step is made good by the next (%s links)", async (_, variant) => {
  const expected = await undisturbed();
  let prepared = 0;
  for (let step = 1; ; step++) {
    const { lake, lock } = await lockedLake();
    const before = await contentOf(lake);
    const { storage, crashed } = crashAt(step);
    const dying = { ...lake, storage: variant(storage) };
    await beginTransaction(dying, lock)
      .then(commitRun, () => undefined)
      .catch(() => undefined);
    if (!crashed()) break;
    const reading = await readState(lake);
    expect(reading.last === 0 || reading.last === 1).toBe(true);
    if (reading.last === 0 && !existsSync(join(lake.root, PREPARED))) {
      expect(await contentOf(lake)).toMatchObject(before);
    } else {
      prepared++;
    }
    await nextRun({ ...lake, storage: variant(localStorage) }, lock);
    expect(await contentOf(lake)).toEqual(expected);
  }
  expect(prepared).toBeGreaterThan(10);
});

test("a repair that dies at any step is made good by the next", async () => {
  const expected = await undisturbed();
  const deaths: [number, number][] = [];
  for (let step = 1, more = true; more; step++) {
    for (let second = 1; ; second++) {
      const { lake, lock } = await lockedLake();
      const first = crashAt(step);
      await beginTransaction({ ...lake, storage: first.storage }, lock)
        .then(commitRun)
        .catch(() => undefined);
      more = first.crashed();
      if (!more || !existsSync(join(lake.root, PREPARED))) break;
      const repair = crashAt(second);
      await nextRun({ ...lake, storage: repair.storage }, lock).catch(() => undefined);
      await nextRun(lake, lock);
      expect(await contentOf(lake)).toEqual(expected);
      if (!repair.crashed()) break;
      deaths.push([step, second]);
    }
  }
  expect(deaths.length).toBeGreaterThan(50);
}, 120_000);

// Every third step: processes take their time, and each step is tried without them above.
test("a process that is killed leaves a lake that the next run repairs", async () => {
  const run = async (root: string, step: string) => {
    const child = startChild("commit-and-die.mjs", root, step);
    return child.end();
  };
  const make = async () => {
    const { lake } = await initLake(join(await temporaryFolder(), "lake"));
    await prepareRun(lake);
    return lake;
  };
  const model = await make();
  expect(await run(model.root, "never")).toEqual({ code: 0, signal: null, errors: "" });
  const expected = await contentOf(model);
  for (let step = 1; ; step += 3) {
    const lake = await make();
    const { code, signal, errors } = await run(lake.root, String(step));
    expect(errors).toBe("");
    if (signal === null) {
      expect(code).toBe(0);
      break;
    }
    const lock = await acquireLock(lake, { command: "next" });
    await (await beginTransaction(lake, lock)).abort();
    const { last } = await readState(lake);
    await lock.release();
    if (last === 0) expect(await run(lake.root, "never")).toMatchObject({ code: 0, errors: "" });
    expect(await contentOf(lake)).toEqual(expected);
  }
}, 120_000);

/** A run that died when all was prepared and nothing moved. */
async function preparedLake(): Promise<{ lake: Lake; lock: LakeLock }> {
  for (let step = 1; ; step++) {
    const { lake, lock } = await lockedLake();
    const { storage } = crashAt(step);
    await beginTransaction({ ...lake, storage }, lock)
      .then(commitRun)
      .catch(() => undefined);
    if (existsSync(join(lake.root, PREPARED))) return { lake, lock };
  }
}

test("a prepared commit is refused when it is damaged, or its files are gone", async () => {
  const { lake, lock } = await preparedLake();
  const text = await readFile(join(lake.root, PREPARED), "utf8");
  for (const damaged of [text.slice(0, 100), text.replace(/"to":"silver[^"]*"/, '"to":"_medallion/lake.json"'), ""]) {
    await writeFile(join(lake.root, PREPARED), damaged);
    await expect(beginTransaction(lake, lock)).rejects.toMatchObject({
      code: "LAKE_INVALID",
      facts: { file: PREPARED },
    });
  }
  await writeFile(join(lake.root, PREPARED), text);
  const { folder } = JSON.parse(text);
  await rm(join(lake.root, folder, "2-daily-20251127.json"));
  await expect(beginTransaction(lake, lock)).rejects.toMatchObject({
    code: "LAKE_INVALID",
    facts: { file: "gold/analytics/daily-20251127.json", expected: 20, found: null },
  });
});

test("a prepared commit whose number another commit has is a conflict", async () => {
  const { lake, lock } = await preparedLake();
  await writeFile(join(lake.root, "_medallion/commits/00000000000000000001.json"), "{}\n");
  await expect(beginTransaction(lake, lock)).rejects.toMatchObject({ code: "COMMIT_CONFLICT" });
});
