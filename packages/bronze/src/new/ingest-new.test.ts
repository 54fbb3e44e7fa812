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
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FILE, now } from "../testing/lake.ts";
import { sourceFolder } from "../testing/source-folder.ts";

/** A file that nobody has written to for two hours, as seen at the test's time. */
async function makeOld(path: string): Promise<void> {
  const time = now() / 1e6 - 7200;
  await utimes(path, time, time);
}

describe("what is new", () => {
  it("is what was added to a file", async () => {
    const { at, take, bronze } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n{"n":2}\n');
    expect(await take()).toMatchObject({ records: 2, known: 0, files: [{ records: 2 }], bronzeFiles: [FILE] });
    expect(await take()).toMatchObject({ records: 0, known: 1, files: [], bronzeFiles: [] });
    await appendFile(at("a.jsonl"), '{"n":3}\nx\n');
    expect(await take()).toMatchObject({ records: 2, raw: 1, known: 0 });
    expect(await take()).toMatchObject({ records: 0, known: 1 });
    expect(await bronze()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', "x"]);
  });

  it("is the whole of a file that was rewritten, but not when that content is known", async () => {
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    await writeFile(at("b.jsonl"), '{"n":1}\n');
    const copies = [{ path: at("b.jsonl"), of: at("a.jsonl") }];
    expect(await take()).toMatchObject({ records: 1, known: 1, copies });
    expect(await take()).toMatchObject({ records: 0, known: 2, copies: [] });
  });

  it("is not what a file held before, and the report tells of it", async () => {
    const { at, take } = await sourceFolder();
    for (const n of [1, 2]) {
      await writeFile(at("a.jsonl"), `{"n":${n}}\n`);
      expect(await take()).toMatchObject({ records: 1, copies: [] });
    }
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    expect(await take()).toMatchObject({ records: 0, copies: [{ path: at("a.jsonl"), of: null }] });
  });

  it("is not what a file held that has grown since, whichever of the two is read first", async () => {
    for (const [log, copy] of [["a", "b"] as const, ["b", "a"] as const]) {
      const { at, take, bronze } = await sourceFolder();
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
    const { at, take } = await sourceFolder();
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
    const { at, take } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n');
    expect((await take({}, { folder: "raw-metrics", part: "a" })).records).toBe(1);
    expect((await take({}, { folder: "raw-metrics", part: "b" })).records).toBe(1);
    expect((await take({ dataset: "other" }, { folder: "raw-metrics", part: "b" })).records).toBe(1);
    expect((await take({}, { folder: "raw-metrics", part: "a" })).records).toBe(0);
  });

  it("is the whole of a gzip file and of a file with wrappers, once for each content", async () => {
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take, bronze } = await sourceFolder();
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
    const { at, take, bronze } = await sourceFolder();
    await writeFile(at("a.jsonl"), `{"n":0}\n${begin}`);
    expect(await take()).toMatchObject({ records: 1, held: [{ path: at("a.jsonl"), bytes: begin.length }] });
    expect(await take()).toMatchObject({ records: 0, known: 1, held: [{ bytes: begin.length }] });
    await appendFile(at("a.jsonl"), end);
    expect(await take()).toMatchObject({ records: 1, held: [] });
    expect(await bronze()).toEqual(['{"n":0}', expected]);
  });

  it("is taken as it is when nobody has written to the file for an hour", async () => {
    const { at, take, bronze } = await sourceFolder();
    await writeFile(at("a.jsonl"), '{"n":1}\n{"n":');
    await makeOld(at("a.jsonl"));
    expect(await take()).toMatchObject({ records: 2, raw: 1, held: [] });
    await appendFile(at("a.jsonl"), '2}\n{"n":3}\n');
    expect(await take()).toMatchObject({ records: 2, raw: 1 });
    expect(await bronze()).toEqual(['{"n":1}', '{"n":', "2}", '{"n":3}']);
  });
});

it("leaves nothing behind but its memory", async () => {
  const { lake, at, take } = await sourceFolder();
  await mkdir(at("sub"));
  await writeFile(at("sub/a.jsonl"), "{}\n");
  await take();
  expect((await readdir(join(lake.root, "_medallion", "ingested", "tasks"))).sort()).toEqual(["checkpoint.json"]);
  expect(await readdir(join(lake.root, "_medallion", "tmp"))).toEqual([]);
  await rm(at("sub"), { recursive: true });
  expect((await take()).known).toBe(0);
});

it("does not read files again whose size and times are as they were", async () => {
  const { lake, at, take } = await sourceFolder();
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
  const { at, take, bronze } = await sourceFolder();
  await writeFile(at("a.jsonl"), '{"n":1}\n{"n":2}\n');
  await take();
  await truncate(at("a.jsonl"), 0);
  await appendFile(at("a.jsonl"), '{"n":3}\n');
  expect((await take()).records).toBe(1);
  expect(await bronze()).toEqual([1, 2, 3].map((n) => `{"n":${n}}`));
});
