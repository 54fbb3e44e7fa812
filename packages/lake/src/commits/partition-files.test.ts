import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lake } from "../lake.ts";
import { silverPath } from "../layout/layout.ts";
import { acquireLock } from "../lock/lock.ts";
import { planRetention } from "../retention/plan.ts";
import { crashAt } from "../testing/crashing-storage.ts";
import { counts, temporaryLake } from "../testing/lakes.ts";
import { beginTransaction } from "../transaction/transaction.ts";
import { verifyFiles } from "../verify/files.ts";
import { verifyLog } from "../verify/log.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { partitionFiles } from "./partition-files.ts";
import { readState } from "./read-state.ts";

const [DAY, FOLDER] = ["20251127", "processed-tasks"];

/** Writes a day in so many parts, in place of those that it has; `lake` may have a storage that crashes. */
async function writeDay(lake: Lake, parts: number): Promise<void> {
  const lock = await acquireLock(lake, { command: "test" });
  try {
    const transaction = await beginTransaction(lake, lock);
    for (const file of partitionFiles(transaction.state, FOLDER, DAY, "parquet")) transaction.remove(file);
    for (let part = 1; part <= parts; part++) {
      await writeFile(await transaction.stage(silverPath(FOLDER, DAY, "parquet", part)), `${part} of ${parts}\n`);
    }
    const partitions = [{ ...counts("tasks", DAY, parts), rebuilt: true }];
    await transaction.commit({ command: "test", version: "0", reads: [], partitions, rules: {} });
  } finally {
    await lock.release();
  }
}

async function partsOf(lake: Lake) {
  const known = partitionFiles(await readState(lake), FOLDER, DAY, "parquet");
  const found = await readdir(join(lake.root, `silver/${FOLDER}`));
  return { known: known.map((file) => file.slice(`silver/${FOLDER}/`.length)), found: found.sort() };
}

const NAMES = [`${DAY}.parquet`, `${DAY}-0002.parquet`, `${DAY}-0003.parquet`];

test("the log knows the parts of a partition in their order; those that a run does not write again go", async () => {
  const lake = await temporaryLake();
  for (const parts of [3, 1, 2, 3, 0]) {
    await writeDay(lake, parts);
    const names = NAMES.slice(0, parts);
    expect(await partsOf(lake)).toEqual({ known: names, found: names.toSorted() });
    const state = await readState(lake);
    await writeCheckpoint(lake, state);
    expect(await readState(lake)).toEqual(state);
    expect(await verifyFiles(lake, await verifyLog(lake))).toEqual([]);
  }
});

test("a run that dies leaves the parts of one commit, once the next has begun", async () => {
  const outcomes = new Set<number>();
  for (let step = 1; ; step++) {
    const lake = await temporaryLake();
    await writeDay(lake, 3);
    const { storage, crashed } = crashAt(step);
    await writeDay({ ...lake, storage }, 2).catch(() => undefined);
    if (!crashed()) break;
    await rm(join(lake.root, "_medallion/lock"), { force: true });
    const lock = await acquireLock(lake, { command: "test" });
    await (await beginTransaction(lake, lock)).abort();
    await lock.release();
    const { known, found } = await partsOf(lake);
    expect(found).toEqual(known.toSorted());
    const { differences, files } = await verifyLog(lake);
    expect([...differences, ...(await verifyFiles(lake, { files }))]).toEqual([]);
    outcomes.add(known.length);
  }
  expect([...outcomes].sort()).toEqual([2, 3]);
});

test("a checkpoint of a version that knew no parts does not count", async () => {
  const lake = await temporaryLake();
  await writeDay(lake, 2);
  const state = await readState(lake);
  await writeCheckpoint(lake, state);
  const file = join(lake.root, "_medallion/checkpoint.json");
  const { silver: _, ...body } = JSON.parse(await readFile(file, "utf8")).body;
  const sha256 = createHash("sha256").update(JSON.stringify(body)).digest("hex");
  await writeFile(file, `${JSON.stringify({ format: 1, sha256, body })}\n`);
  expect(await readState(lake)).toEqual(state);
});

test("retention removes a day with all its parts, and verification names a part that is gone", async () => {
  const lake = await temporaryLake();
  await writeDay(lake, 3);
  const silver = { name: "tasks", bronzeFolder: "raw-tasks", silverFolders: [FOLDER], bronze: 0, silver: 0 };
  const plan = await planRetention(lake, await readState(lake), [silver], "20260101");
  expect(plan.items.flatMap(({ files }) => files.map(({ file }) => file)).sort()).toEqual(
    NAMES.map((name) => `silver/${FOLDER}/${name}`).sort(),
  );
  await rm(join(lake.root, `silver/${FOLDER}/${DAY}-0002.parquet`));
  expect(await verifyFiles(lake, await verifyLog(lake))).toMatchObject([
    { file: `silver/${FOLDER}/${DAY}-0002.parquet`, kind: "missing" },
  ]);
});
