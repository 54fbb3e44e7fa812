import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Lake } from "../lake.ts";
import { counts, range, temporaryLake } from "../testing/lakes.ts";
import { writeCheckpoint } from "./checkpoint.ts";
import type { Commit } from "./commit.ts";
import { commitPath } from "./commit-files.ts";
import { commitText } from "./commit-format.ts";
import { readState } from "./read-state.ts";

const FILE = "bronze/raw-tasks/20251127.jsonl";
const checkpoint = (lake: Lake) => join(lake.root, "_medallion/checkpoint.json");

/** Writes commits of 10 bytes each, as they stand in the log. */
async function writeLog(lake: Lake, from: number, to: number): Promise<void> {
  let running = (await readState(lake)).files.get(FILE)?.running ?? "";
  for (let number = from; number <= to; number++) {
    const read = range(FILE, (number - 1) * 10, number * 10, running);
    running = read.running;
    const commit: Commit = {
      format: 1,
      number,
      at: "2025-11-27T10:00:00.000000Z",
      command: "medallion run",
      version: "1",
      reads: [read],
      writes: [{ file: `gold/analytics/daily-202511${10 + (number % 20)}.json`, bytes: 1, rows: null }],
      removes: [],
      partitions: [
        { ...counts("tasks", "20251127", 10), rejects: { "tasks.x": 0 } },
        ...(number === 6 ? [counts("other", "20251101", 3)] : []),
      ],
      rules: { tasks: { version: "1", hash: "h" } },
      ...(number === 7 ? { retired: [{ dataset: "other", day: "20251101" }] } : {}),
    };
    await writeFile(join(lake.root, commitPath(number)), commitText(commit));
  }
}

test("a new lake has read nothing", async () => {
  expect(await readState(await temporaryLake())).toMatchObject({ last: 0, lastCommit: null });
});

test("the state is the same with a checkpoint at any place, and without", async () => {
  const lake = await temporaryLake();
  await writeLog(lake, 1, 12);
  const whole = await readState(lake);
  expect(whole).toMatchObject({ last: 12, lastCommit: { number: 12 } });
  expect(whole.files.get(FILE)).toMatchObject({ offset: 120 });
  expect(whole.partitions.get("tasks/20251127")).toMatchObject({ read: 120, rows: 120, commit: 12 });
  expect(whole.partitions.get("other/20251101")).toMatchObject({ read: 3, retired: true });
  await writeCheckpoint(lake, whole);
  expect(await readState(lake)).toEqual(whole);
  await writeLog(lake, 13, 20);
  const later = await readState(lake);
  await rm(checkpoint(lake));
  expect(await readState(lake)).toEqual(later);
});

test("a checkpoint that is damaged, of another log or ahead of the log does not count", async () => {
  const lake = await temporaryLake();
  await writeLog(lake, 1, 3);
  const state = await readState(lake);
  await writeCheckpoint(lake, state);
  const good = await readFile(checkpoint(lake), "utf8");
  for (const bad of ["", "{", "null", good.replace('"offset":30', '"offset":31'), good.slice(0, -9), '{"format":2}']) {
    await writeFile(checkpoint(lake), bad);
    expect(await readState(lake)).toEqual(state);
  }
  await writeFile(checkpoint(lake), good);
  await rm(join(lake.root, commitPath(3)));
  expect(await readState(lake)).toMatchObject({ last: 2 });
  const second = await readFile(join(lake.root, commitPath(2)), "utf8");
  await writeFile(join(lake.root, commitPath(3)), second.replace('"number":2', '"number":3'));
  await expect(readState(lake)).rejects.toMatchObject({ code: "COMMIT_INVALID" });
});

test.each([true, false])("a gap in the log is an error (with a checkpoint: %s)", async (kept) => {
  const lake = await temporaryLake();
  await writeLog(lake, 1, 6);
  await rm(join(lake.root, commitPath(5)));
  if (kept) await writeCheckpoint(lake, { ...(await stateAt(lake, 3)), last: 3 });
  await expect(readState(lake)).rejects.toMatchObject({
    code: "COMMIT_INVALID",
    message: expect.stringContaining(commitPath(5)),
  });
});

async function stateAt(lake: Lake, last: number) {
  const shorter = await temporaryLake();
  await writeLog(shorter, 1, last);
  expect(shorter.root).not.toBe(lake.root);
  return readState(shorter);
}

test.each([
  ["no JSON", () => "{"],
  ["nothing", () => ""],
  ["another format", (text: string) => text.replace('"format":1', '"format":2')],
  ["another number", (text: string) => text.replace('"number":2', '"number":7')],
  ["a path out of the lake", (text: string) => text.replace('"removes":[]', '"removes":["../x"]')],
  ["a wrong time", (text: string) => text.replace("2025-11-27T", "27.11.2025 ")],
  ["a wrong day", (text: string) => text.replace('"day":"20251127"', '"day":"20250230"')],
  ["a negative count", (text: string) => text.replace('"read":10', '"read":-10')],
  ["an empty range", (text: string) => text.replace('"to":20', '"to":10')],
  ["a digest that is none", (text: string) => text.replace(/"sha256":"../, '"sha256":"')],
  ["a missing member", (text: string) => text.replace('"removes":[],', "")],
  ["retired partitions that are no list", (text: string) => text.replace('"rules"', '"retired":{},"rules"')],
  ["a retired day that is none", (text: string) => text.replace('"rules"', '"retired":[{"dataset":"t"}],"rules"')],
  ["a rule count that is none", (text: string) => text.replace('"tasks.x":0', '"tasks.x":"0"')],
])("a commit with %s is an error that names the file", async (_, damage) => {
  const lake = await temporaryLake();
  await writeLog(lake, 1, 3);
  const file = join(lake.root, commitPath(2));
  const text = await readFile(file, "utf8");
  expect(damage(text)).not.toBe(text);
  await writeFile(file, damage(text));
  await expect(readState(lake)).rejects.toMatchObject({ code: "COMMIT_INVALID", facts: { file: commitPath(2) } });
});

test("files that are no commits do not matter", async () => {
  const lake = await temporaryLake();
  await writeLog(lake, 1, 2);
  await writeFile(join(lake.root, "_medallion/commits/README"), "");
  await writeFile(join(lake.root, "_medallion/commits/3.json"), "");
  expect(await readState(lake)).toMatchObject({ last: 2 });
});
