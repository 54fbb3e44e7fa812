import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { writeToString } from "@fast-csv/format";
import { parseString } from "@fast-csv/parse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BronzeError } from "../errors.ts";
import { type IngestOptions, ingest } from "../ingest.ts";
import { FILE, type Kept, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "../testing/lake.ts";
import { sharedFolder } from "../testing/shared.ts";

/** What bronze keeps of a CSV text. */
async function keptOf(content: string | Uint8Array, options: IngestOptions = {}): Promise<Kept[]> {
  const lake = await temporaryLake();
  const path = join(await temporaryFolder(), "in.csv");
  await writeFile(path, content);
  const report = await ingest(lake, TARGET, [{ kind: "path", path }], { now, ...options });
  return report.records === 0 ? [] : (await linesOf(lake, FILE)).map(takeApart);
}

async function textsOf(content: string | Uint8Array, options: IngestOptions = {}): Promise<string[]> {
  return (await keptOf(content, options)).map((record) => record.content.toString());
}

/** The rows as records, the way bronze should see them: empty cells are absent. */
function recordsOf(header: readonly string[], rows: readonly (readonly string[])[]): unknown[] {
  return rows.map((row) =>
    Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""]).filter(([, cell]) => cell !== "")),
  );
}

async function failureOf(content: string | Uint8Array, options: IngestOptions = {}): Promise<BronzeError> {
  const error: unknown = await keptOf(content, options).catch((reason: unknown) => reason);
  if (error instanceof BronzeError) return error;
  throw new Error(`Expected a BronzeError, found ${String(error)}`);
}

describe("a row", () => {
  it("is an object of strings, without its empty cells", async () => {
    expect(await textsOf('\ufeffid,name,n\r\n1,"Ann, ""A""",2\r\n\r\n2,,\n3," x ","two\r\nlines"')).toEqual([
      '{"id":"1","name":"Ann, \\"A\\"","n":"2"}',
      '{"id":"2"}',
      '{"id":"3","name":" x ","n":"two\\r\\nlines"}',
    ]);
  });

  it("holds values where its cells are exactly values of their columns' types", async () => {
    const columns = { i: "integer", d: "double", b: "boolean", j: "json", t: "text", at: "instant" } as const;
    const rows = [
      "i,d,b,j,t,at",
      '12345678901234567890,1.50e+3,true,"{""a"": [1,\n 2]}",5,2025-11-27T10:00:00Z',
      '007,.5,TRUE,"{""a"": 1} ",true,5',
      '+1,NaN,1,5,"[]",',
      "-0,-0.10,false,[],null,",
    ];
    expect(await textsOf(rows.join("\n"), { csv: { columns } })).toEqual([
      '{"i":12345678901234567890,"d":1.50e+3,"b":true,"j":{"a":[1,2]},"t":"5","at":"2025-11-27T10:00:00Z"}',
      '{"i":"007","d":".5","b":"TRUE","j":"{\\"a\\": 1} ","t":"true","at":"5"}',
      '{"i":"+1","d":"NaN","b":"1","j":"5","t":"[]"}',
      '{"i":-0,"d":-0.10,"b":false,"j":[],"t":"null"}',
    ]);
  });

  it("may have columns of any name", async () => {
    const records = await keptOf("__proto__,constructor,toString\n1,2,3\n", { csv: { columns: {} } });
    expect(records.map((record) => record.content.toString())).toEqual([
      '{"__proto__":"1","constructor":"2","toString":"3"}',
    ]);
  });

  it("is kept as text where its columns are fields of bronze", async () => {
    expect(await keptOf("task_id,layer\n1,silver\n2,\n")).toMatchObject([
      { raw: true, error: null, content: Buffer.from('{"task_id":"1","layer":"silver"}') },
      { raw: false },
    ]);
  });
});

describe("what is no row of the header", () => {
  it("is kept as raw when the number of cells differs", async () => {
    const records = await keptOf('a,b\n1\n"1\n,",2,3\r\n1,2\n');
    expect(records.map((record) => [record.content.toString(), record.error])).toEqual([
      ["1", "expected 2 cells as in the header, found 1 (line 2)"],
      ['"1\n,",2,3', "expected 2 cells as in the header, found 3 (line 3)"],
      ['{"a":"1","b":"2"}', null],
    ]);
  });

  it("is kept byte for byte when it is not UTF-8", async () => {
    const records = await keptOf(
      Buffer.concat([Buffer.from("a,b\n1,"), Buffer.of(0xff, 0x80), Buffer.from("\n2,3\n")]),
    );
    expect(records.map((record) => record.content)).toEqual([
      Buffer.from([0x31, 0x2c, 0xff, 0x80]),
      Buffer.from('{"a":"2","b":"3"}'),
    ]);
    expect(records[0]?.error).toBe("expected UTF-8, found other bytes (line 2)");
  });

  it("is only the line of a quote that is not closed, or closed too early", async () => {
    const records = await keptOf('a,b\n1,"open\n2,3\n"x"y,4\n5,"6\n7"\n8,"open again\n9,10\n');
    expect(records.map((record) => [record.content.toString(), record.error])).toEqual([
      ['1,"open', expect.stringContaining("after the closing quote")],
      ['{"a":"2","b":"3"}', null],
      ['"x"y,4', expect.stringContaining("after the closing quote")],
      ['{"a":"5","b":"6\\n7"}', null],
      ['8,"open again', "expected a closing quote, found the end of the input (line 7)"],
      ['{"a":"9","b":"10"}', null],
    ]);
  });

  it("is looked for within the limit", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) => `${index},x`);
    const records = await keptOf(`a,b\n0,"open\n${rows.join("\n")}\n`, { limits: { recordBytes: 1000 } });
    expect(records).toHaveLength(2001);
    expect(records[0]?.error).toMatch(/at most 1000 bytes/);
    expect(records.slice(1).every((record) => !record.raw)).toBe(true);
    const error = await failureOf(`a,b\n1,2\n3,${"x".repeat(2000)}\n`, { limits: { recordBytes: 1000 } });
    expect(error).toMatchObject({ code: "RECORD_TOO_LARGE", facts: { line: 3, limit: 1000 }, report: { records: 1 } });
  });

  it("takes time in proportion to the source, also where every line opens a quote and none closes it", async () => {
    const records = await keptOf(`a,b,c\n${'x",y,"z\n'.repeat(200_000)}`);
    expect(records).toHaveLength(200_000);
    expect(records.every((record) => record.raw)).toBe(true);
  });
});

describe("a header", () => {
  it.each([
    ["a,b,a\n1,2,3\n", "the columns 1 and 3", { line: 1, column: 3, name: "a" }],
    ["\n\na,,c\n1,2,3\n", "none for column 2", { line: 3, column: 2 }],
    ['a,"b\n1,2\n', "that it is broken", { line: 1 }],
    [Buffer.of(0x61, 0x2c, 0xff, 0x0a), "not", { line: 1 }],
  ])("that is wrong is refused before a row is read: %j", async (content, message, facts) => {
    const error = await failureOf(content);
    expect(error).toMatchObject({ code: "CSV_HEADER_INVALID", facts, report: { records: 0, refused: [{ kept: 0 }] } });
    expect(error.message).toContain(message);
  });

  it("alone, or nothing at all, is no record", async () => {
    expect(await keptOf("a,b\n")).toEqual([]);
    expect(await keptOf("")).toEqual([]);
    expect(await keptOf("\ufeff\r\n")).toEqual([]);
  });

  it("may have 100,000 columns", async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `column ${index}`);
    const [record] = await textsOf(`${names.join(",")}\n${",".repeat(99_999)}last\n`);
    expect(record).toBe('{"column 99999":"last"}');
  });
});

describe("CSV sources", () => {
  it("are files that end in .csv, zipped or not, also in folders, and what is called CSV", async () => {
    const lake = await temporaryLake();
    const folder = await temporaryFolder();
    await mkdir(join(folder, "sub"));
    await writeFile(join(folder, "a.CSV"), "a\n1\n");
    await writeFile(join(folder, "sub", "b.csv.gz"), gzipSync("a\n2\n"));
    await writeFile(join(folder, "c.json"), '{"a":"3"}');
    await writeFile(join(folder, "d.txt"), "a\n4\n");
    await ingest(lake, TARGET, [{ kind: "path", path: folder }], { now });
    await ingest(lake, TARGET, [{ kind: "path", path: join(folder, "d.txt") }], { now, format: "csv" });
    const stream = Readable.from(["a", "\r", "\n", "5"]);
    await ingest(lake, TARGET, [{ kind: "stream", stream }], { now, format: "csv" });
    const texts = (await linesOf(lake, FILE)).map((line) => takeApart(line).content.toString());
    expect(texts).toEqual([1, 3, 2, 4, 5].map((n) => `{"a":"${n}"}`));
  });

  it("come out as the values that another program wrote, however they are cut into pieces", async () => {
    const cell = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => text.replaceAll("\0", "")),
      fc.string({ unit: fc.constantFrom(...'",\r\n \tab1é€😀'), maxLength: 8 }),
    );
    const table = fc
      .uniqueArray(
        cell.filter((name) => name !== "" && !/^\ufeff|^(ingested_at|layer|source_file|raw.*)$/.test(name)),
        {
          minLength: 2,
          maxLength: 5,
        },
      )
      .chain((header) =>
        fc.record({
          header: fc.constant(header),
          rows: fc.array(fc.array(cell, { minLength: header.length, maxLength: header.length }), { maxLength: 5 }),
          size: fc.integer({ min: 1, max: 20 }),
          rowDelimiter: fc.constantFrom("\n", "\r\n"),
          quoteColumns: fc.boolean(),
        }),
      );
    await fc.assert(
      fc.asyncProperty(table, async ({ header, rows, size, rowDelimiter, quoteColumns }) => {
        const text = await writeToString([header, ...rows], { rowDelimiter, quoteColumns });
        const bytes = Buffer.from(text);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        const lake = await temporaryLake();
        const stream = Readable.from(pieces);
        const report = await ingest(lake, TARGET, [{ kind: "stream", stream }], { now, format: "csv" });
        const texts = report.records === 0 ? [] : (await linesOf(lake, FILE)).map((line) => takeApart(line));
        expect(texts.map((kept) => JSON.parse(kept.content.toString()))).toEqual(recordsOf(header, rows));
      }),
      { numRuns: 60 },
    );
  });

  it("lose no text, whatever it is", async () => {
    const text = fc.string({ unit: fc.constantFrom('"', '"', ",", "\n", "\r\n", "a", " "), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, async (rows) => {
        const records = await keptOf(`x,y\n${rows}`);
        const strip = (content: string) => content.replaceAll(/[",\r\n]/g, "");
        const kept = records.map((record) =>
          record.raw ? record.content.toString() : Object.values(JSON.parse(record.content.toString())).join(""),
        );
        expect(strip(kept.join(""))).toBe(strip(rows));
      }),
    );
  });

  it("mean what fast-csv reads in them", async () => {
    const cell = fc
      .string({ unit: fc.constantFrom(...'",\n ab1é'), minLength: 1, maxLength: 6 })
      .map((text) => `x${text}`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), async (rows) => {
        const text = await writeToString([["a", "b"], ...rows]);
        const read: unknown[] = [];
        for await (const row of parseString(text, { headers: true })) read.push(row);
        expect((await textsOf(text)).map((record) => JSON.parse(record))).toEqual(read);
      }),
      { numRuns: 50 },
    );
  });
});

const spectrum = sharedFolder("adversarial/csv-spectrum");

describe.skipIf(spectrum.missing)("csv-spectrum (skipped where it is absent)", () => {
  it("means what its JSON says", async () => {
    const folder = join(spectrum.path, "csvs");
    const names = (await readdir(folder)).map((name) => basename(name, ".csv"));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const expected: unknown = JSON.parse(
        await readFile(join(spectrum.path, "expected-json", `${name}.json`), "utf8"),
      );
      const withoutEmpty: unknown = JSON.parse(JSON.stringify(expected), (_, value) =>
        value === "" ? undefined : value,
      );
      const found = (await textsOf(await readFile(join(folder, `${name}.csv`)))).map((text) => JSON.parse(text));
      expect({ name, records: found }).toEqual({ name, records: withoutEmpty });
    }
  });
});
