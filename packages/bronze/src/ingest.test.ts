import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import type { Lake } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { ingest } from "./ingest.ts";
import type { Source } from "./source/plan.ts";
import { failureOf, ingestFile } from "./testing/ingestion.ts";
import { FILE, type Kept, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "./testing/lake.ts";

async function kept(lake: Lake): Promise<Kept[]> {
  return (await linesOf(lake, FILE)).map(takeApart);
}

async function texts(lake: Lake): Promise<string[]> {
  return (await kept(lake)).map((record) => record.content.toString());
}

describe("the records of a source", () => {
  it("are documents, members of arrays, and lines that are neither", async () => {
    const { lake, path, report } = await ingestFile(
      '{"a":1}{}\n[\n  {"b": [1,\n 2]}, {"c": 3}, 5 ]\nnope\n{"layer":"x"}\n',
    );
    expect(await texts(lake)).toEqual(['{"a":1}', "{}", '{"b":[1,2]}', '{"c": 3}', "5", "nope", '{"layer":"x"}']);
    expect(report).toMatchObject({ records: 7, raw: 3, bytesRead: 63, refused: [], skipped: [], bronzeFiles: [FILE] });
    expect(report.files).toEqual([{ path, records: 7, raw: 3, withoutWrapper: 0, empty: false, changed: false }]);
    const bytes = (await linesOf(lake, FILE)).join("\n").length + 1;
    expect(report.bytesWritten).toBe(bytes);
    const errors = (await kept(lake)).map((record) => record.error).filter((error) => error !== null);
    expect(errors).toEqual([
      "not a JSON object: a number (in the document that begins on line 2)",
      'expected true, false or null, found "o" (line 5, byte 2)',
    ]);
  });

  it("carry the name of their file, whatever it is", async () => {
    const { lake, path } = await ingestFile("{}", {}, 'a "b" é.json');
    expect((await kept(lake))[0]?.fields).toEqual({
      ingested_at: "2025-11-27T12:00:00.000000+00:00",
      layer: "bronze",
      source_file: path,
    });
  });

  it("are taken out of their wrappers", async () => {
    const content = '{"tasks":[{"id":1},{"id":2}]}\n{"id":3}\n[{"q":{"tasks":[{"id":4}]}},{"id":5}]\n{"tasks":[]}';
    const { lake, report } = await ingestFile(content, { records: "tasks" });
    expect(await texts(lake)).toEqual(['{"id":1}', '{"id":2}', '{"id":3}', '{"id":4}', '{"id":5}']);
    expect(report).toMatchObject({ records: 5, withoutWrapper: 2 });
  });

  it("may be none, and the report says so", async () => {
    const { report } = await ingestFile(" \n[]\n");
    expect(report).toMatchObject({ records: 0, files: [{ records: 0, empty: true }], bronzeFiles: [] });
  });

  it("may be of 20 MB", async () => {
    const record = `{"long":"${"é".repeat(10 * 1024 * 1024)}","n":1}`;
    const { lake } = await ingestFile(`${record}\n{"next":1}\n`);
    expect((await texts(lake)).map((text) => text.length)).toEqual([record.length, 10]);
  });

  it("are the same when a source is one of 100,000 lines as when it is one array", async () => {
    const records = Array.from({ length: 100_000 }, (_, n) => `{"n":${n},"text":"${"x".repeat(n % 100)}"}`);
    const lines = await ingestFile(`${records.join("\n")}\n`);
    const array = await ingestFile(`[${records.join(",\n")}]`);
    expect(lines.report.records).toBe(100_000);
    expect(await texts(lines.lake)).toEqual(records);
    expect(await texts(array.lake)).toEqual(records);
  });
});

describe("sources", () => {
  it("are streams too, of bytes or of text", async () => {
    const lake = await temporaryLake();
    const sources: Source[] = [
      { kind: "stream", stream: Readable.from(['{"a":', Buffer.from("1}\n"), "{}"]) },
      { kind: "stream", stream: Readable.from(["{}"]), name: "queue" },
      { kind: "stream", stream: Readable.from([gzipSync('{"zipped":1}\n')]) },
      { kind: "stream", stream: Readable.from([Buffer.from("5")]) },
    ];
    const report = await ingest(lake, TARGET, sources, { now });
    expect(report.files.map((file) => [file.path, file.records])).toEqual([
      ["-", 2],
      ["queue", 1],
      ["-", 1],
      ["-", 1],
    ]);
    const records = await kept(lake);
    expect(records.map((record) => record.content.toString())).toEqual(['{"a":1}', "{}", "{}", '{"zipped":1}', "5"]);
    expect(records.map((record) => record.fields.source_file)).toEqual([
      undefined,
      undefined,
      "queue",
      undefined,
      undefined,
    ]);
  });

  it("are on disk soon when they are slow, before their end", async () => {
    const lake = await temporaryLake();
    const stream = new PassThrough();
    const ingestion = ingest(lake, TARGET, [{ kind: "stream", stream }], { now });
    for (const count of [1, 2]) {
      stream.write('{"a":1}\n');
      await expect.poll(async () => (await linesOf(lake, FILE)).length, { timeout: 30_000 }).toBe(count);
    }
    stream.end();
    expect(await ingestion).toMatchObject({ records: 2 });
  });

  it("are the files of a folder, sorted by their bytes; the rest is reported", async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    await mkdir(join(folder, "b"));
    await mkdir(join(folder, ".git"));
    await Promise.all(
      ["b/2.json", "B.jsonl", "a.ndjson", "é.json", "b.json.gz", ".hidden.json", "notes.txt", "c.json.bak"].map(
        (name) => writeFile(join(folder, name), name.endsWith(".gz") ? gzipSync("{}") : "{}"),
      ),
    );
    await symlink(join(folder, "a.ndjson"), join(folder, "link.json"));
    const report = await ingest(lake, TARGET, [{ kind: "path", path: `${folder}/` }], { now });
    const names = (paths: { path: string }[]) => paths.map(({ path }) => path.slice(folder.length + 1));
    expect(names(report.files)).toEqual(["B.jsonl", "a.ndjson", "b.json.gz", "b/2.json", "é.json"]);
    expect(names(report.skipped)).toEqual([".git", ".hidden.json", "c.json.bak", "link.json", "notes.txt"]);
    expect(report.skipped.map((skipped) => skipped.reason)).toEqual([
      "it is hidden",
      "it is hidden",
      "its name does not end in .json, .jsonl, .ndjson or .csv (or those and .gz)",
      "it is a symbolic link",
      "its name does not end in .json, .jsonl, .ndjson or .csv (or those and .gz)",
    ]);
  });

  it("leave out the lake itself", async () => {
    const lake = await temporaryLake();
    const report = await ingest(lake, TARGET, [{ kind: "path", path: join(lake.root, "..") }], { now });
    expect(report).toMatchObject({ files: [], skipped: [{ reason: "it is the lake itself" }] });
  });

  it("are not taken from the lake's own folders, which would grow by what they hold", async () => {
    const { lake } = await ingestFile("{}");
    const sources: Source[] = ["bronze", "bronze/raw-tasks", "_medallion/commits"].map((name) => {
      return { kind: "path", path: join(lake.root, name) };
    });
    const report = await ingest(lake, TARGET, sources, { now });
    const reason = "it is inside the lake";
    expect(report).toMatchObject({ records: 0, files: [], skipped: [{ reason }, { reason }, { reason }] });
    await mkdir(join(lake.root, "bronze-of-others"));
    await writeFile(join(lake.root, "bronze-of-others/a.json"), "{}");
    const beside: Source = { kind: "path", path: join(lake.root, "bronze-of-others") };
    expect((await ingest(lake, TARGET, [beside], { now })).records).toBe(1);
  });

  it("are read whatever they are called when they are named", async () => {
    expect((await ingestFile("{}", {}, "queue.backup")).report.records).toBe(1);
    expect((await ingestFile(gzipSync("{}\n{}"), {}, "queue.json")).report).toMatchObject({
      records: 2,
      bytesRead: 25,
    });
  });

  it("must exist, or nothing is ingested", async () => {
    const { lake, path } = await ingestFile("{}");
    const sources: Source[] = [path, `${path}.nothing`].map((name) => ({ kind: "path", path: name }));
    const error = await failureOf(ingest(lake, TARGET, sources, { now }));
    expect(error).toMatchObject({
      code: "SOURCE_NOT_FOUND",
      report: null,
      facts: { file: `${path}.nothing`, code: "ENOENT" },
    });
    expect(await linesOf(lake, FILE)).toHaveLength(1);
  });

  it("may be a bronze file of the same lake: it is read as far as it was when reading began", async () => {
    const { lake } = await ingestFile("{}\n".repeat(1000));
    const source: Source = { kind: "path", path: join(lake.root, FILE) };
    const report = await ingest(lake, TARGET, [source], { now });
    expect(report).toMatchObject({ records: 1000, raw: 1000 });
  });
});

describe("gzip", () => {
  const member = gzipSync('{"a":1}\n');

  it("may have several members, and zeros behind them", async () => {
    const { report } = await ingestFile(Buffer.concat([member, member, Buffer.alloc(600_000)]));
    expect(report.records).toBe(2);
  });

  it.each([
    ["cut off", member.subarray(0, -3)],
    ["cut off in its second member", Buffer.concat([member, member.subarray(0, 12)])],
    ["damaged", Buffer.from(member).fill(1, member.length - 8, member.length - 4)],
    ["followed by something else", Buffer.concat([member, Buffer.from("{}")])],
    ["followed by zeros and something else", Buffer.concat([member, Buffer.alloc(600_000), Buffer.from("{}")])],
    ["only its first two bytes", member.subarray(0, 2)],
  ])("that is %s is refused as a whole, and the other sources are read", async (_, content) => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.json"), content);
    await writeFile(join(folder, "b.json"), "{}");
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path: folder }], { now }));
    const path = `${folder}/a.json`;
    expect(error).toMatchObject({
      code: "GZIP_BROKEN",
      facts: { file: path },
      report: { records: 1, refused: [{ path, code: "GZIP_BROKEN", kept: 0 }] },
    });
    expect(error.message).toContain(path);
    expect(await texts(lake)).toEqual(["{}"]);
  });

  it("of a stream is refused where it breaks, and the report says what was kept", async () => {
    const lake = await temporaryLake();
    const lines = Array.from({ length: 100_000 }, (_, n) => `{"n":${n}}\n`).join("");
    const stream = Readable.from([gzipSync(lines), Buffer.from("no gzip")]);
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "stream", stream }], { now }));
    expect(error.code).toBe("GZIP_BROKEN");
    expect(error.report?.records).toBe((await linesOf(lake, FILE)).length);
    expect(error.report?.refused[0]?.kept).toBe(error.report?.records);
  });
});
