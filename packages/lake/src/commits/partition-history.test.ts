import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lake } from "../lake.ts";
import { counts, range, temporaryLake } from "../testing/lakes.ts";
import type { Commit, PartitionCounts } from "./commit.ts";
import { commitPath } from "./commit-files.ts";
import { commitText } from "./commit-format.ts";
import { partitionHistory } from "./partition-history.ts";

const DAY = "20251127";
const FILE = `bronze/raw-tasks/${DAY}.jsonl`;
const OTHER = "bronze/raw-tasks/20251128.jsonl";

async function writeCommit(lake: Lake, number: number, content: Partial<Commit>): Promise<void> {
  const commit: Commit = {
    format: 1,
    number,
    at: "2025-11-27T10:00:00.000000Z",
    command: "medallion run",
    version: "1",
    reads: [range(FILE, 0, 10), range(OTHER, 0, 10)],
    writes: [],
    removes: [],
    partitions: [],
    rules: {},
    ...content,
  };
  await writeFile(join(lake.root, commitPath(number)), commitText(commit));
}

const tasks = (accepted: number, rebuilt = false): PartitionCounts => ({ ...counts("tasks", DAY, accepted), rebuilt });

test("the history begins with the commit that made the partition anew, until it is retired", async () => {
  const lake = await temporaryLake();
  const rules = { tasks: { version: "1", hash: "h" } };
  await writeCommit(lake, 1, { partitions: [tasks(1)], rules });
  await writeCommit(lake, 2, { partitions: [tasks(2), counts("tasks", "20251128", 5)] });
  await writeCommit(lake, 3, { partitions: [counts("other", DAY, 5)] });
  await writeCommit(lake, 4, { partitions: [tasks(3, true)], rules: { tasks: { version: "2", hash: "i" } } });
  await writeCommit(lake, 5, { retired: [{ dataset: "tasks", day: DAY }] });
  await writeCommit(lake, 6, { partitions: [tasks(9, true)] });
  await writeCommit(lake, 7, { partitions: [tasks(4)] });
  const shown = async (upTo: number) =>
    (await partitionHistory(lake, "tasks", DAY, upTo)).map((item) => [
      item.number,
      item.counts.accepted,
      item.rules?.version,
      item.retired,
      item.reads.map(({ file }) => file),
    ]);
  expect(await shown(3)).toEqual([
    [1, 1, "1", false, [FILE]],
    [2, 2, "1", false, [FILE]],
  ]);
  expect(await shown(7)).toEqual([
    [4, 3, "2", false, [FILE]],
    [7, 4, "2", true, [FILE]],
  ]);
  expect(await partitionHistory(lake, "tasks", "20250101", 7)).toEqual([]);
});

test("a missing commit is an error", async () => {
  const lake = await temporaryLake();
  await writeCommit(lake, 1, {});
  await writeCommit(lake, 2, {});
  await rm(join(lake.root, commitPath(1)));
  await expect(partitionHistory(lake, "tasks", DAY, 2)).rejects.toMatchObject({
    code: "COMMIT_INVALID",
    facts: { file: commitPath(1) },
  });
});
