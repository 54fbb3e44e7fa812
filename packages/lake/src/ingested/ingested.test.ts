import { describe, expect, it } from "vitest";
import { acquireLock } from "../lock/lock.ts";
import { replaceFile } from "../storage/files.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { type IngestedFiles, ingestedPath, readIngested, writeIngested } from "./ingested.ts";
import { readAppendJournal, removeAppendJournal, writeAppendJournal } from "./journal.ts";

const INGESTED: IngestedFiles = {
  files: [
    {
      target: "events/deploy",
      path: "/data/a.jsonl",
      bytes: 12,
      line: 3,
      sha256: "ab".repeat(32),
      inode: "1:2",
      stamp: "",
    },
  ],
  contents: [{ target: "raw-tasks", sha256: "cd".repeat(32) }],
};

describe("what is ingested", () => {
  it("is remembered for each data set", async () => {
    const lake = await temporaryLake();
    await writeIngested(lake, "tasks", INGESTED);
    expect(await readIngested(lake, "tasks")).toEqual(INGESTED);
    expect(await readIngested(lake, "events")).toEqual({ files: [], contents: [] });
    await expect(readIngested(lake, "../tasks")).rejects.toMatchObject({ code: "NAME_INVALID" });
  });

  it.each([
    ["nonsense", "document"],
    ['{"format":2}', "format"],
    ['{"format":1,"files":[],"contents":[{"target":"a","sha256":"x"}]}', "contents[0]"],
    ['{"format":1,"files":[{"target":"a","path":"b","bytes":-1}],"contents":[]}', "files[0].bytes"],
  ])("is refused when the file is damaged: %s", async (text, at) => {
    const lake = await temporaryLake();
    const file = ingestedPath("tasks", "checkpoint.json");
    await replaceFile(lake, file, text);
    const error: unknown = await readIngested(lake, "tasks").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "LAKE_INVALID", facts: { file } });
    expect(String(error)).toContain(`${file} cannot be used: ${at}`);
  });
});

describe("an append on its way", () => {
  it("stands in a journal until it is done", async () => {
    const lake = await temporaryLake();
    expect(await readAppendJournal(lake, "tasks")).toBeNull();
    const segments = [{ from: 0, to: 10, file: "bronze/raw-tasks/20251127.jsonl", size: 5 }];
    await writeAppendJournal(lake, "tasks", { segments, ingested: INGESTED });
    expect(await readAppendJournal(lake, "tasks")).toEqual({ segments, ingested: INGESTED });
    await removeAppendJournal(lake, "tasks");
    expect(await readAppendJournal(lake, "tasks")).toBeNull();
  });

  it("never leads out of the lake", async () => {
    const lake = await temporaryLake();
    const segment = { from: 0, to: 1, file: "../x.jsonl", size: 0 };
    const text = JSON.stringify({ format: 1, segments: [segment], ingested: INGESTED });
    await replaceFile(lake, ingestedPath("tasks", "journal.json"), text);
    await expect(readAppendJournal(lake, "tasks")).rejects.toMatchObject({ code: "LAKE_INVALID" });
  });
});

it("a lock of its own keeps nobody else waiting, and names what is locked", async () => {
  const lake = await temporaryLake();
  await writeIngested(lake, "tasks", INGESTED);
  const scope = { file: ingestedPath("tasks", "lock"), name: "The ingestion of tasks" };
  const lock = await acquireLock(lake, { command: "first", scope });
  const other = await acquireLock(lake, { command: "a run" });
  await expect(acquireLock(lake, { command: "second", scope })).rejects.toThrowError(
    /^The ingestion of tasks is locked/,
  );
  await other.release();
  await lock.release();
  await (await acquireLock(lake, { command: "second", scope })).release();
});
