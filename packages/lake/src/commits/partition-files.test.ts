import { createHash } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lake } from "../lake.ts";
import { quarantinePath, silverPath } from "../layout/layout.ts";
import { acquireLock } from "../lock/lock.ts";
import { planRetention } from "../retention/plan.ts";
import { crashAt } from "../testing/crashing-storage.ts";
import { counts, temporaryLake } from "../testing/lakes.ts";
import { beginTransaction } from "../transaction/transaction.ts";
import { verifyFiles } from "../verify/files.ts";
import { verifyLog } from "../verify/log.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import { partitionFiles, quarantineDays, quarantineFiles } from "./partition-files.ts";
import { readState } from "./read-state.ts";

const [DAY, FOLDER] = ["20251127", "processed-tasks"];

/** Writes a day, and its quarantine, in so many parts, in place of those that it has; `lake` may have a storage that crashes. */
async function writeDay(lake: Lake, parts: number): Promise<void> {
  const lock = await acquireLock(lake, { command: "test" });
  try {
    const transaction = await beginTransaction(lake, lock);
    for (const file of partitionFiles(transaction.state, FOLDER, DAY, "parquet")) transaction.remove(file);
    for (const file of quarantineFiles(transaction.state, "tasks", DAY)) transaction.remove(file);
    for (let part = 1; part <= parts; part++) {
      for (const file of [silverPath(FOLDER, DAY, "parquet", part), quarantinePath("tasks", DAY, part)]) {
        await writeFile(await transaction.stage(file), `${part} of ${parts}\n`);
      }
    }
    const partitions = [{ ...counts("tasks", DAY, parts), rebuilt: true }];
    await transaction.commit({ command: "test", version: "0", reads: [], partitions, rules: {} });
  } finally {
    await lock.release();
  }
}

async function partsOf(lake: Lake) {
  const state = await readState(lake);
  const known = [...partitionFiles(state, FOLDER, DAY, "parquet"), ...quarantineFiles(state, "tasks", DAY)];
  const found: string[] = [];
  for (const folder of FOLDERS) {
    const names = await readdir(join(lake.root, folder));
    found.push(...names.flatMap((name) => (name.startsWith(DAY) ? [`${folder}/${name}`] : [])).sort());
  }
  return { known, found };
}

const FOLDERS = [`silver/${FOLDER}`, "silver/quarantine/tasks"] as const;
const SILVER = [`${DAY}.parquet`, `${DAY}-0002.parquet`, `${DAY}-0003.parquet`].map((name) => `${FOLDERS[0]}/${name}`);
const QUARANTINE = [`${DAY}.jsonl`, `${DAY}-0002.jsonl`, `${DAY}-0003.jsonl`].map((name) => `${FOLDERS[1]}/${name}`);

test("the log knows the parts of a partition in their order; those that a run does not write again go", async () => {
  const lake = await temporaryLake();
  for (const parts of [3, 1, 2, 3, 0]) {
    await writeDay(lake, parts);
    const [silver, quarantine] = [SILVER.slice(0, parts), QUARANTINE.slice(0, parts)];
    expect(await partsOf(lake)).toEqual({
      known: [...silver, ...quarantine],
      found: [...silver.toSorted(), ...quarantine.toSorted()],
    });
    const state = await readState(lake);
    expect(quarantineDays(state, "tasks")).toEqual(parts === 0 ? [] : [DAY]);
    expect(quarantineDays(state, "task")).toEqual([]);
    await writeCheckpoint(lake, state);
    expect(await readState(lake)).toEqual(state);
    expect(await verifyFiles(lake, await verifyLog(lake))).toEqual([]);
  }
});

test("a run that dies leaves the parts of one commit, once the next has begun", async () => {
  const outcomes = new Set<number>();
  for (let step = 1; ; step++) {
    const lake = await temporaryLake();
    await writeDay(lake, 2);
    const { storage, crashed } = crashAt(step);
    await writeDay({ ...lake, storage }, 1).catch(() => undefined);
    if (!crashed()) break;
    await rm(join(lake.root, "_medallion/lock"), { force: true });
    const lock = await acquireLock(lake, { command: "test" });
    await (await beginTransaction(lake, lock)).abort();
    await lock.release();
    const { known, found } = await partsOf(lake);
    expect(found.toSorted()).toEqual(known.toSorted());
    const { differences, files } = await verifyLog(lake);
    expect([...differences, ...(await verifyFiles(lake, { files }))]).toEqual([]);
    outcomes.add(known.length);
  }
  expect([...outcomes].sort()).toEqual([2, 4]);
});

test.each(["silver", "quarantine"])(
  "a checkpoint of a version that knew no parts of %s does not count",
  async (layer) => {
    const lake = await temporaryLake();
    await writeDay(lake, 2);
    const state = await readState(lake);
    await writeCheckpoint(lake, state);
    const file = join(lake.root, "_medallion/checkpoint.json");
    const { [layer]: _, ...body } = JSON.parse(await readFile(file, "utf8")).body;
    const sha256 = createHash("sha256").update(JSON.stringify(body)).digest("hex");
    await writeFile(file, `${JSON.stringify({ format: 1, sha256, body })}\n`);
    expect(await readState(lake)).toEqual(state);
  },
);

test("retention removes a day with all its parts, and verification names a part that is gone", async () => {
  const lake = await temporaryLake();
  await writeDay(lake, 3);
  const silver = { name: "tasks", bronzeFolder: "raw-tasks", silverFolders: [FOLDER], bronze: 0, silver: 0 };
  const plan = await planRetention(lake, await readState(lake), [silver], "20260101");
  const goes = plan.items.map(({ layer, day, files }) => [layer, day, files.map(({ file }) => file).sort()]);
  expect(goes).toEqual([
    ["silver", DAY, SILVER.toSorted()],
    ["quarantine", DAY, QUARANTINE.toSorted()],
  ]);
  const lost = [SILVER[1] ?? "", QUARANTINE[1] ?? ""];
  for (const file of lost) await rm(join(lake.root, file));
  const missing = await verifyFiles(lake, await verifyLog(lake));
  expect(missing.map(({ file, kind }) => [file, kind]).sort()).toEqual(lost.map((file) => [file, "missing"]).sort());
});
