import { appendFileSync, rmSync, truncateSync } from "node:fs";
import { chmod, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { type IngestOptions, ingest } from "./ingest.ts";
import { Disk } from "./testing/disk.ts";
import { breakFiles, systemError } from "./testing/faults.ts";
import { failureOf, ingestFile } from "./testing/ingestion.ts";
import { FILE, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "./testing/lake.ts";

describe("bounds", () => {
  it("refuse a source with the file, the line and the byte", async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    await writeFile(join(folder, "a.json"), `{}\n{"a":"${"x".repeat(200)}"}\n{}\n`);
    await writeFile(join(folder, "b.json"), "{}");
    const run = (limits: IngestOptions["limits"] & object) =>
      failureOf(ingest(lake, TARGET, [{ kind: "path", path: folder }], { now, limits }));
    const file = `${folder}/a.json`;
    expect(await run({ documentBytes: 100 })).toMatchObject({
      code: "DOCUMENT_TOO_LARGE",
      facts: { file, line: 2, byte: 3, limit: 100 },
      report: { records: 2, refused: [{ path: file, kept: 1 }] },
    });
    expect(await run({ recordBytes: 100 })).toMatchObject({
      code: "RECORD_TOO_LARGE",
      facts: { file, line: 2, byte: 3, limit: 100, found: 208 },
      report: { records: 2 },
    });
  });

  it("on nesting keep the line as it is", async () => {
    const { lake } = await ingestFile(`${'{"a":'.repeat(20)}1${"}".repeat(20)}\n`, { limits: { nesting: 10 } });
    expect((await linesOf(lake, FILE)).map(takeApart)).toMatchObject([
      { raw: true, error: 'expected nesting of at most 10 levels, found "{" (line 1, byte 51)' },
    ]);
  });
});

describe("faults", () => {
  it("of a full disk: what is reported as kept is kept, and nothing behind it", async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    const files = ["a.json", "b.json", "c.json"];
    for (const name of files) await writeFile(join(folder, name), '{"a":1}\n{"a":2}\nx\n{"a":3}\n');
    await breakFiles("write", (call) => [null, 250, systemError("ENOSPC")][call] ?? null);
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path: folder }], { now }));
    expect(error).toMatchObject({ code: "APPEND_FAILED", facts: { code: "ENOSPC", file: FILE } });
    const { report } = error;
    const whole = (await linesOf(lake, FILE)).filter((line) => line.endsWith("}"));
    expect(report?.files.map((file) => file.records)).toEqual([4, 1, 0].slice(0, report?.files.length));
    expect(report).toMatchObject({ records: 5, raw: 1 });
    expect(whole).toHaveLength(5);
  });

  it.each([0, 1, 2])("of sync number %i of a large file: what is reported as kept is on disk", async (failing) => {
    const lake = await temporaryLake();
    const path = join(await temporaryFolder(), "in.jsonl");
    await writeFile(path, `{"text":"${"x".repeat(10_000)}"}\n`.repeat(4000));
    const disk = new Disk();
    await disk.watch();
    const outcome = systemError("EIO");
    const syncs = Array.from({ length: failing + 1 }, (_, call) => ({
      turns: 20,
      outcome: call < failing ? null : outcome,
    }));
    disk.begin({ writes: [], syncs });
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path }], { now }));
    expect(error).toMatchObject({ code: "APPEND_FAILED", facts: { code: "EIO", file: FILE } });
    const lines = await linesOf(lake, FILE);
    const records = error.report?.records ?? 0;
    expect(lines.map((line) => disk.holds(line))).toEqual(lines.map((_, index) => index < records));
    expect(records > 0).toBe(failing > 0);
    expect(lines.length).toBeGreaterThan(records);
  });

  it("of the caller's signal: the report says what was kept", async () => {
    const lake = await temporaryLake();
    const path = join(await temporaryFolder(), "in.jsonl");
    await writeFile(path, `{"text":"${"x".repeat(1000)}"}\n`.repeat(10_000));
    const stop = new AbortController();
    const error = await failureOf(
      ingest(lake, TARGET, [{ kind: "path", path }], { now, signal: stop.signal, onProgress: () => stop.abort() }),
    );
    expect(error.code).toBe("INTERRUPTED");
    expect(error.report?.records).toBeGreaterThan(100);
    expect(error.report?.records).toBeLessThan(10_000);
    expect(await linesOf(lake, FILE)).toHaveLength(error.report?.records ?? 0);
  });

  it("of the caller's signal while a stream is silent", async () => {
    const lake = await temporaryLake();
    const stop = new AbortController();
    const stream = new PassThrough();
    stream.write("{}\n{");
    let turns = 0;
    const onProgress = () => {
      // The first two bytes and the others have been read.
      if (++turns === 2) setImmediate(() => stop.abort());
    };
    const error = await failureOf(
      ingest(lake, TARGET, [{ kind: "stream", stream }], { now, signal: stop.signal, onProgress }),
    );
    expect(error).toMatchObject({ code: "INTERRUPTED", report: { records: 1 } });
    const before = AbortSignal.abort();
    const late = await failureOf(ingest(lake, TARGET, [{ kind: "stream", stream }], { now, signal: before }));
    expect(late).toMatchObject({ code: "INTERRUPTED", report: { records: 0 } });
  });

  it("of a stream that fails keep what came before", async () => {
    const lake = await temporaryLake();
    const stream = new PassThrough();
    stream.write("{}\n{");
    const onProgress = () => stream.destroy(systemError("EIO"));
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "stream", stream }], { now, onProgress }));
    expect(error).toMatchObject({
      code: "SOURCE_UNREADABLE",
      facts: { file: "-", code: "EIO" },
      report: { records: 1 },
    });
  });

  it("of the caller's own code are its own, and what was read is brought to disk", async () => {
    const lake = await temporaryLake();
    const path = join(await temporaryFolder(), "in.json");
    await writeFile(path, "{}\n{}\n");
    const mistake = new TypeError("made by a test");
    const onProgress = () => {
      throw mistake;
    };
    await expect(ingest(lake, TARGET, [{ kind: "path", path }], { now, onProgress })).rejects.toBe(mistake);
    expect(await linesOf(lake, FILE)).toHaveLength(2);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("of an unreadable file", async () => {
    const { lake, path } = await ingestFile("{}");
    await chmod(path, 0);
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path }], { now }));
    expect(error).toMatchObject({ code: "SOURCE_UNREADABLE", facts: { file: path, code: "EACCES" } });
  });

  it.skipIf(process.platform === "win32")("of a path that leads nowhere", async () => {
    const lake = await temporaryLake();
    const path = join(await temporaryFolder(), "loop.json");
    await symlink(path, path);
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path }], { now }));
    expect(error).toMatchObject({ code: "SOURCE_UNREADABLE", facts: { file: path, code: "ELOOP" } });
  });

  it("of a file that is deleted before its turn comes: the others are read", async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    const names = ["a.json", "b.json", "c.json"].map((name) => join(folder, name));
    for (const name of names) await writeFile(name, "{}");
    const onProgress = () => rmSync(join(folder, "b.json"), { force: true });
    const error = await failureOf(ingest(lake, TARGET, [{ kind: "path", path: folder }], { now, onProgress }));
    expect(error).toMatchObject({
      code: "SOURCE_NOT_FOUND",
      report: { records: 2, refused: [{ path: `${folder}/b.json`, kept: 0 }] },
    });
  });

  it("of a file that grows or shrinks while it is read", async () => {
    const lake = await temporaryLake();
    const path = join(await temporaryFolder(), "in.jsonl");
    const read = async (change: () => void) => {
      await writeFile(path, `{"text":"${"x".repeat(1000)}"}\n`.repeat(3000));
      return ingest(lake, TARGET, [{ kind: "path", path }], { now, onProgress: change });
    };
    expect(await read(() => appendFileSync(path, "{}\n"))).toMatchObject({ records: 3000, files: [{ changed: true }] });
    const error = await failureOf(read(() => truncateSync(path, 100)));
    expect(error).toMatchObject({ code: "SOURCE_CHANGED", facts: { file: path } });
    expect(error.report?.refused[0]?.kept).toBe(error.report?.records);
  });
});
