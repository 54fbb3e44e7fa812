import { execFileSync } from "node:child_process";
import {
  appendFile,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { acquireLock, type Lake } from "@medallion/lake";
import { describe, expect, it } from "vitest";
import { BronzeError } from "../errors.ts";
import { linesOf, takeApart, temporaryFolder, temporaryLake } from "../testing/lake.ts";
import { type IngestNewOptions, ingestNew } from "./ingest-new.ts";

const TARGET = { folder: "raw-tasks" };
const FILE = "bronze/raw-tasks/20251127.jsonl";
const now = () => Date.UTC(2025, 10, 27, 12) * 1000;

interface Setting {
  readonly lake: Lake;
  readonly folder: string;
  /** Path of a file in the folder. */
  at(name: string): string;
  take(options?: Partial<IngestNewOptions>, target?: { folder: string; part?: string }): ReturnType<typeof ingestNew>;
  /** The content of the bronze lines, in their order. */
  bronze(file?: string): Promise<string[]>;
}

async function setting(): Promise<Setting> {
  const lake = await temporaryLake();
  const folder = await temporaryFolder();
  return {
    lake,
    folder,
    at: (name) => join(folder, name),
    take: (options, target = TARGET) =>
      ingestNew(lake, target, [{ kind: "path", path: folder }], { dataset: "tasks", now, ...options }),
    bronze: async (file = FILE) => (await linesOf(lake, file)).map((line) => takeApart(line).content.toString()),
  };
}

/** A file that nobody has written to for two hours, as seen at the test's time. */
async function makeOld(path: string): Promise<void> {
  const time = now() / 1e6 - 7200;
  await utimes(path, time, time);
}

describe("what is new", () => {
  it("is what was added to a file", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n{"n":2}\n');
    expect(await take()).toMatchObject({ records: 2, known: 0, files: [{ records: 2 }], bronzeFiles: [FILE] });
    expect(await take()).toMatchObject({ records: 0, known: 1, files: [], bronzeFiles: [] });
    await appendFile(at("a.jsonl"), '{"n":3}\nx\n');
    expect(await take()).toMatchObject({ records: 2, raw: 1, known: 0 });
    expect(await take()).toMatchObject({ records: 0, known: 1 });
    expect(await bronze()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', "x"]);
  });

  it("is the whole of a file that was rewritten, but not when that content is known", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await take();
    await writeFile(at("a.jsonl"), '{"n":2}\n{"n":1}\n');
    expect(await take()).toMatchObject({ records: 2 });
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    expect(await take()).toMatchObject({ records: 0, known: 1 });
    await appendFile(at("a.jsonl"), '{"n":3}\n');
    expect(await take()).toMatchObject({ records: 1 });
    expect(await bronze()).toEqual(['{"n":1}', '{"n":2}', '{"n":1}', '{"n":3}']);
  });

  it("is not a file that was renamed or copied; what is added to it is", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await take();
    await copyFile(at("a.jsonl"), at("b.jsonl"));
    await rename(at("a.jsonl"), at("c.jsonl"));
    expect(await take()).toMatchObject({ records: 0, known: 2 });
    await appendFile(at("b.jsonl"), '{"n":2}\n');
    await appendFile(at("c.jsonl"), '{"n":3}\n');
    expect(await take()).toMatchObject({ records: 2, copies: [] });
    expect(await bronze()).toEqual([1, 2, 3].map((n) => `{"n":${n}}`));
  });

  it("is only the end of a log that grew and was renamed then, and the log that follows it", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("log.jsonl"), '{"n":1}\n');
    await take();
    await appendFile(at("log.jsonl"), '{"n":2}\n');
    await rename(at("log.jsonl"), at("log.1.jsonl"));
    await writeFile(at("log.jsonl"), '{"n":3}\n');
    expect(await take()).toMatchObject({ records: 2 });
    expect(await take()).toMatchObject({ records: 0, known: 2 });
    expect(await bronze()).toEqual([1, 2, 3].map((n) => `{"n":${n}}`));
  });

  it("is once what two files share, also when they are found at the same time, and the report tells of the other one", async () => {
    const { at, take } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await writeFile(at("b.jsonl"), '{"n":1}\n');
    const copies = [{ path: at("b.jsonl"), of: at("a.jsonl") }];
    expect(await take()).toMatchObject({ records: 1, known: 1, copies });
    expect(await take()).toMatchObject({ records: 0, known: 2, copies: [] });
  });

  it("is not what a file held before, and the report tells of it", async () => {
    const { at, take } = await setting();
    for (const n of [1, 2]) {
      await writeFile(at("a.jsonl"), `{"n":${n}}\n`);
      expect(await take()).toMatchObject({ records: 1, copies: [] });
    }
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    expect(await take()).toMatchObject({ records: 0, copies: [{ path: at("a.jsonl"), of: null }] });
  });

  it("is not what a file held that has grown since, whichever of the two is read first", async () => {
    for (const [log, copy] of [["a", "b"] as const, ["b", "a"] as const]) {
      const { at, take, bronze } = await setting();
      await writeFile(at(`${log}.jsonl`), '{"n":1}\n');
      await take();
      await copyFile(at(`${log}.jsonl`), at(`${copy}.jsonl`));
      await appendFile(at(`${log}.jsonl`), '{"n":2}\n');
      const copies = [{ path: at(`${copy}.jsonl`), of: at(`${log}.jsonl`) }];
      expect(await take()).toMatchObject({ records: 1, copies });
      expect(await bronze()).toEqual(['{"n":1}', '{"n":2}']);
    }
  });

  it("tells a file that was renamed from a copy, also of one that is gone", async () => {
    const { at, take } = await setting();
    const later = () => (Date.now() + 10_000) * 1000;
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await take({ now: later });
    await rename(at("a.jsonl"), at("b.jsonl"));
    expect(await take({ now: later })).toMatchObject({ records: 0, known: 1, copies: [] });
    await copyFile(at("b.jsonl"), at("c.jsonl"));
    await rm(at("b.jsonl"));
    const copies = [{ path: at("c.jsonl"), of: at("b.jsonl") }];
    expect(await take({ now: later })).toMatchObject({ records: 0, known: 1, copies });
  });

  it("is told for each target and each data set on its own", async () => {
    const { at, take } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    expect((await take({}, { folder: "raw-metrics", part: "a" })).records).toBe(1);
    expect((await take({}, { folder: "raw-metrics", part: "b" })).records).toBe(1);
    expect((await take({ dataset: "other" }, { folder: "raw-metrics", part: "b" })).records).toBe(1);
    expect((await take({}, { folder: "raw-metrics", part: "a" })).records).toBe(0);
  });

  it("is the whole of a gzip file and of a file with wrappers, once for each content", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.json.gz"), gzipSync('{"n":1}\n'));
    expect(await take()).toMatchObject({ records: 1 });
    await writeFile(at("a.json.gz"), gzipSync('{"n":1}\n{"n":2}\n'));
    expect(await take()).toMatchObject({ records: 2 });
    await writeFile(at("b.json"), '{"tasks":[{"n":3}]}');
    expect(await take({ records: "tasks" })).toMatchObject({ records: 1 });
    await writeFile(at("b.json"), '{"tasks":[{"n":3},{"n":4}]}');
    expect(await take({ records: "tasks" })).toMatchObject({ records: 2, known: 1 });
    expect(await take({ records: "tasks" })).toMatchObject({ records: 0, known: 2 });
    expect((await bronze()).map((text) => JSON.parse(text).n)).toEqual([1, 1, 2, 3, 3, 4]);
  });

  it("is the rows added to a CSV file", async () => {
    const { at, take, bronze } = await setting();
    const csv = { columns: { n: "integer" } } as const;
    await writeFile(at("a.csv"), "\ufeffn,t\n1,a\n");
    expect((await take({ csv })).records).toBe(1);
    await appendFile(at("a.csv"), '2,"b\nc"\n3\n4,d');
    expect(await take({ csv })).toMatchObject({ records: 2, raw: 1, held: [{ bytes: 3 }] });
    await appendFile(at("a.csv"), "e\n");
    expect(await take({ csv })).toMatchObject({ records: 1, held: [] });
    expect(await bronze()).toEqual(['{"n":1,"t":"a"}', '{"n":2,"t":"b\\nc"}', "3", '{"n":4,"t":"de"}']);
  });
});

describe("a last line without a line end", () => {
  it("is taken when it is whole documents, and what follows it is taken, too", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n{"n":2}');
    expect(await take()).toMatchObject({ records: 2, held: [] });
    await appendFile(at("a.jsonl"), '\n{"n":3}\n');
    expect(await take()).toMatchObject({ records: 1 });
    expect(await bronze()).toEqual([1, 2, 3].map((n) => `{"n":${n}}`));
  });

  it.each([
    ['{"n":', "2}\n", '{"n":2}'],
    ['{"n":2', "2}\n", '{"n":22}'],
    ['{\n  "n": 1,\n', '  "m": 2\n}\n', '{"n":1,"m":2}'],
    ['{"s":"é'.slice(0, -1), 'x"}\n', '{"s":"x"}'],
  ])("waits for its end when it may not be whole: %j", async (begin, end, expected) => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), `{"n":0}\n${begin}`);
    expect(await take()).toMatchObject({ records: 1, held: [{ path: at("a.jsonl"), bytes: begin.length }] });
    expect(await take()).toMatchObject({ records: 0, known: 1, held: [{ bytes: begin.length }] });
    await appendFile(at("a.jsonl"), end);
    expect(await take()).toMatchObject({ records: 1, held: [] });
    expect(await bronze()).toEqual(['{"n":0}', expected]);
  });

  it("is taken as it is when nobody has written to the file for an hour", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n{"n":');
    await makeOld(at("a.jsonl"));
    expect(await take()).toMatchObject({ records: 2, raw: 1, held: [] });
    await appendFile(at("a.jsonl"), '2}\n{"n":3}\n');
    expect(await take()).toMatchObject({ records: 2, raw: 1 });
    expect(await bronze()).toEqual(['{"n":1}', '{"n":', "2}", '{"n":3}']);
  });
});

describe("sources that cannot be taken", () => {
  it("are streams", async () => {
    const { lake } = await setting();
    const stream = Readable.from(["{}"]);
    await expect(ingestNew(lake, TARGET, [{ kind: "stream", stream }], { dataset: "tasks" })).rejects.toMatchObject({
      code: "SOURCE_NOT_A_FILE",
    });
  });

  it.skipIf(process.platform === "win32")("are pipes, and nobody waits for their writer", async () => {
    const { at, lake } = await setting();
    execFileSync("mkfifo", [at("pipe")], { stdio: "ignore" });
    const taking = ingestNew(lake, TARGET, [{ kind: "path", path: at("pipe") }], { dataset: "tasks" });
    await expect(taking).rejects.toMatchObject({ code: "SOURCE_NOT_A_FILE" });
  });

  it("leave no room taken up when the storage refuses", async () => {
    const { at, lake, take } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    const storage = {
      ...lake.storage,
      sync: (path: string) =>
        path.endsWith("staged.jsonl") ? Promise.reject(new Error("no space")) : lake.storage.sync(path),
    };
    const failing = ingestNew({ ...lake, storage }, TARGET, [{ kind: "path", path: at("a.jsonl") }], {
      ...{ dataset: "tasks", now },
    });
    await expect(failing).rejects.toThrowError("no space");
    expect(await readdir(join(lake.root, "_medallion/ingested/tasks"))).toEqual([]);
    expect((await take()).records).toBe(1);
  });

  it("give nothing and are tried again; the others are taken", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), `{"n":1}\n{"n":"${"x".repeat(200)}"}\n`);
    await writeFile(at("b.jsonl"), '{"n":2}\n');
    const error: unknown = await take({ limits: { recordBytes: 100 } }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "RECORD_TOO_LARGE",
      facts: { file: at("a.jsonl"), line: 2 },
      report: { records: 1, refused: [{ path: at("a.jsonl"), kept: 0 }] },
    });
    expect(error).toBeInstanceOf(BronzeError);
    expect(await bronze()).toEqual(['{"n":2}']);
    expect((await take()).records).toBe(2);
  });

  it("leave what an interrupted run has taken", async () => {
    const { at, take, bronze } = await setting();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await writeFile(at("b.jsonl"), '{"n":2}\n');
    const stop = new AbortController();
    const onProgress = ({ path }: { path: string }) => {
      if (path.endsWith("b.jsonl")) stop.abort();
    };
    await expect(take({ signal: stop.signal, onProgress })).rejects.toMatchObject({ code: "INTERRUPTED" });
    const before = (await bronze()).length;
    expect((await take()).records).toBe(2 - before);
    expect(await bronze()).toEqual(['{"n":1}', '{"n":2}']);
  });
});

describe("another process", () => {
  it("that takes what is new of the same data set is waited for, or named", async () => {
    const { lake, at, take } = await setting();
    await writeFile(at("a.jsonl"), "{}\n");
    await take();
    await appendFile(at("a.jsonl"), "{}\n");
    const scope = { file: "_medallion/ingested/tasks/lock", name: "X" };
    const lock = await acquireLock(lake, { command: "test", scope });
    await expect(take()).rejects.toMatchObject({ code: "LAKE_LOCKED" });
    expect((await take({ dataset: "events" })).records).toBe(2);
    const waiting = take({ waitMs: 10_000 });
    await lock.release();
    expect((await waiting).records).toBe(1);
  });

  it("of the same kind at the same time doubles nothing", async () => {
    const { at, take, bronze } = await setting();
    for (let n = 0; n < 20; n++) await writeFile(at(`${n}.jsonl`), `{"n":${n}}\n`);
    const reports = await Promise.all([1, 2, 3].map(() => take({ waitMs: 20_000 })));
    expect(reports.reduce((sum, report) => sum + report.records, 0)).toBe(20);
    expect(new Set(await bronze()).size).toBe(20);
    expect(await bronze()).toHaveLength(20);
  });
});

it("leaves nothing behind but its memory", async () => {
  const { lake, at, take } = await setting();
  await mkdir(at("sub"));
  await writeFile(at("sub/a.jsonl"), "{}\n");
  await take();
  expect((await readdir(join(lake.root, "_medallion", "ingested", "tasks"))).sort()).toEqual(["checkpoint.json"]);
  expect(await readdir(join(lake.root, "_medallion", "tmp"))).toEqual([]);
  await rm(at("sub"), { recursive: true });
  expect((await take()).known).toBe(0);
});

it("does not read files again whose size and times are as they were", async () => {
  const { lake, at, take } = await setting();
  await writeFile(at("a.jsonl"), '{"n":1}\n');
  const later = () => (Date.now() + 10_000) * 1000;
  await take({ now: later });
  const checkpoint = join(lake.root, "_medallion/ingested/tasks/checkpoint.json");
  const noted = await readFile(checkpoint, "utf8");
  await writeFile(checkpoint, noted.replaceAll(/"sha256":"[0-9a-f]{64}"/g, `"sha256":"${"0".repeat(64)}"`));
  expect(await take({ now: later })).toMatchObject({ records: 0, known: 1 });
  await appendFile(at("a.jsonl"), '{"n":2}\n');
  expect(await take({ now: later })).toMatchObject({ records: 2 });
});

it("notices that a file became shorter", async () => {
  const { at, take, bronze } = await setting();
  await writeFile(at("a.jsonl"), '{"n":1}\n{"n":2}\n');
  await take();
  await truncate(at("a.jsonl"), 0);
  await appendFile(at("a.jsonl"), '{"n":3}\n');
  expect((await take()).records).toBe(1);
  expect(await bronze()).toEqual([1, 2, 3].map((n) => `{"n":${n}}`));
});
