import { appendFile, mkdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emptyState } from "../commits/state.ts";
import { localStorage } from "../storage/local-storage.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { pendingBronze } from "./pending.ts";

const PATH = "bronze/raw-tasks/20251127.jsonl";

async function lakeWithTenBytesRead() {
  const lake = await temporaryLake();
  await mkdir(join(lake.root, "bronze/raw-tasks"));
  const file = join(lake.root, PATH);
  await writeFile(file, "123456789\n");
  const state = emptyState();
  state.files.set(PATH, { dataset: "tasks", offset: 10, lines: 1, running: "", retired: false });
  state.files.set("bronze/raw-tasks-old/20251127.jsonl", {
    dataset: "old",
    offset: 10,
    lines: 1,
    running: "",
    retired: false,
  });
  return { lake, file, state };
}

test("only what has grown is pending, and no file is opened to find it", async () => {
  const { lake, file, state } = await lakeWithTenBytesRead();
  const unopened = {
    ...lake,
    storage: {
      ...localStorage,
      openForReading: () => Promise.reject(new Error("opened")),
      readText: () => Promise.reject(new Error("read")),
    },
  };
  expect(await pendingBronze(unopened, state, "tasks", "raw-tasks")).toEqual([]);
  await appendFile(file, "more\n");
  await writeFile(join(lake.root, "bronze/raw-tasks/20251128.jsonl"), "new\n");
  await writeFile(join(lake.root, "bronze/raw-tasks/20251129.jsonl"), "");
  expect(await pendingBronze(unopened, state, "tasks", "raw-tasks")).toEqual([
    { dataset: "tasks", path: PATH, day: "20251127", part: null, from: 10, size: 15 },
    { dataset: "tasks", path: "bronze/raw-tasks/20251128.jsonl", day: "20251128", part: null, from: 0, size: 4 },
  ]);
});

test("a file that was read and is shorter, or gone, is an error", async () => {
  const { lake, file, state } = await lakeWithTenBytesRead();
  await truncate(file, 9);
  await expect(pendingBronze(lake, state, "tasks", "raw-tasks")).rejects.toMatchObject({
    code: "BRONZE_TRUNCATED",
    facts: { file: PATH, expected: 10, found: 9 },
  });
  await rm(file);
  await expect(pendingBronze(lake, state, "tasks", "raw-tasks")).rejects.toMatchObject({ facts: { found: null } });
});
