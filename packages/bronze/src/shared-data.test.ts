import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ingest } from "./ingest.ts";
import { type Kept, linesOf, takeApart, temporaryLake } from "./testing/lake.ts";
import { sharedFolder } from "./testing/shared.ts";

async function ingested(path: string, records?: string): Promise<Kept[]> {
  const lake = await temporaryLake();
  const options = records === undefined ? {} : { records };
  const report = await ingest(lake, { folder: "raw-tasks" }, [{ kind: "path", path }], options);
  const kept = (await linesOf(lake, ...report.bronzeFiles)).map(takeApart);
  expect(report.records).toBe(kept.length);
  return kept;
}

/** Not one JSON text, but two: an object and a string. */
const SEVERAL_DOCUMENTS = new Set(["n_structure_object_with_trailing_garbage.json"]);

function squeeze(bytes: Buffer): string {
  return bytes.toString("latin1").replace(/[ \t\r\n]/g, "");
}

/** What is left of a source when the records are taken out of it in order. */
function leftOf(source: Buffer, records: readonly Kept[]): string {
  const text = squeeze(source);
  let left = "";
  let at = 0;
  for (const record of records) {
    const content = squeeze(record.content);
    const found = text.indexOf(content, at);
    expect(found).toBeGreaterThanOrEqual(at);
    left += text.slice(at, found);
    at = found + content.length;
  }
  return left + text.slice(at);
}

describe.each(["adversarial/json-parsing", "adversarial/json-transform"])("%s", (name) => {
  const { path, missing } = sharedFolder(name);
  it.skipIf(missing)("comes in to the last byte", async () => {
    const files = (await readdir(path)).filter((file) => file.endsWith(".json"));
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const records = await ingested(join(path, file));
      // The brackets and commas of a top-level array, and a byte order mark, are all that may go.
      expect([file, leftOf(await readFile(join(path, file)), records).replace(/^ï»¿/, "")]).toEqual([
        file,
        expect.stringMatching(/^[[\],]*$/),
      ]);
      if (file.startsWith("n_") && !SEVERAL_DOCUMENTS.has(file)) {
        expect([file, records.filter((record) => record.error === null)]).toEqual([file, []]);
      }
      if (file.startsWith("y_object")) expect([file, records.map((record) => record.raw)]).toEqual([file, [false]]);
    }
  });
});

describe("cortex/coordination", () => {
  const { path, missing } = sharedFolder("cortex/coordination");

  it.skipIf(missing)("comes in whole: the folder of tasks, one of them not JSON", async () => {
    const records = await ingested(join(path, "tasks"));
    const broken = records.filter((record) => record.raw);
    expect(records.length - broken.length).toBeGreaterThanOrEqual(33);
    expect(new Set(broken.map((record) => record.fields.source_file)).size).toBe(1);
    const objects = records
      .filter((record) => !record.raw)
      .map((record): unknown => JSON.parse(record.content.toString()));
    const lines = (await readFile(join(path, "..", "tasks.jsonl"), "utf8")).trimEnd().split("\n");
    const expected = lines.slice(-34).filter((line) => !line.includes("Date.now()"));
    expect(expected).toHaveLength(33);
    for (const line of expected) expect(objects).toContainEqual(JSON.parse(line));
    const source = await readFile(String(broken[0]?.fields.source_file));
    const ofFile = records.filter((record) => record.fields.source_file === broken[0]?.fields.source_file);
    expect(leftOf(source, ofFile)).toBe("");
  });

  it.skipIf(missing).each([
    ["task-queue.json.backup", 100],
    ["task-queue-backup-20251115-084619.json", 102],
  ])("comes in whole: the queue %s with its %d tasks", async (file, count) => {
    const records = await ingested(join(path, file), "tasks");
    expect(records.filter((record) => record.raw)).toEqual([]);
    const tasks = records.slice(-count).map((record): unknown => JSON.parse(record.content.toString()));
    const lines = (await readFile(join(path, "..", "tasks.jsonl"), "utf8")).trimEnd().split("\n");
    const all = lines.filter((line) => !line.includes("Date.now()")).map((line): unknown => JSON.parse(line));
    for (const task of tasks) expect(all).toContainEqual(task);
    expect(tasks).toHaveLength(count);
  });

  it.skipIf(missing)("comes in whole: every file of it", async () => {
    const lake = await temporaryLake();
    const report = await ingest(lake, { folder: "raw-tasks" }, [{ kind: "path", path }]);
    expect(report.refused).toEqual([]);
    const kept = (await linesOf(lake, ...report.bronzeFiles)).map(takeApart);
    expect(kept).toHaveLength(report.records);
    for (const file of report.files.filter((source) => !source.path.endsWith(".gz"))) {
      const records = kept.filter((record) => record.fields.source_file === file.path);
      expect([file.path, leftOf(await readFile(file.path), records)]).toEqual([
        file.path,
        expect.stringMatching(/^[[\],]*$/),
      ]);
    }
  });
});
