import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { acquireLock } from "../lock/lock.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { beginTransaction } from "../transaction/transaction.ts";
import { verifyLog } from "./log.ts";

const FIRST = "_medallion/commits/00000000000000000001.json";
const SECOND = "_medallion/commits/00000000000000000002.json";

async function lakeOfTwoCommits() {
  const lake = await temporaryLake();
  const lock = await acquireLock(lake, { command: "test" });
  for (const round of [1, 2]) {
    const transaction = await beginTransaction(lake, lock);
    await writeFile(await transaction.stage("gold/kpis/x.json"), `${round}`);
    await transaction.commit({ command: "test", version: "1", reads: [], partitions: [], rules: {} });
  }
  await lock.release();
  return lake;
}

it("finds nothing in a log as it was written, and says what stands", async () => {
  const { differences, files, running, state } = await verifyLog(await lakeOfTwoCommits());
  expect(differences).toEqual([]);
  expect([running.length, state.last]).toEqual([2, 2]);
  expect(files.get("gold/kpis/x.json")).toMatchObject({
    bytes: 1,
    commit: 2,
    sha256: expect.stringMatching(/^d4735e3a/),
  });
});

it("an edit of a commit shows, also where its own checksum was made to fit", async () => {
  const lake = await lakeOfTwoCommits();
  const path = join(lake.root, FIRST);
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace('"command":"test"', '"command":"best"'));
  expect((await verifyLog(lake)).differences).toMatchObject([{ file: FIRST, kind: "changed" }]);
  await writeFile(path, text.replace(/(?<="running":")[0-9a-f]{64}(?="\}\n$)/, "0".repeat(64)));
  expect((await verifyLog(lake)).differences).toMatchObject([{ file: FIRST }, { file: SECOND }]);
  await writeFile(path, text.replace(/,"running":"[0-9a-f]{64}"(?=\}\n$)/, ""));
  expect((await verifyLog(lake)).differences).toMatchObject([{ file: SECOND, kind: "changed" }]);
  await writeFile(path, ` ${text}`);
  expect((await verifyLog(lake)).differences).toMatchObject([
    { file: FIRST, problem: expect.stringContaining("white space") },
  ]);
});
