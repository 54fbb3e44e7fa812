import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { identifier, join, sql } from "../sql/sql.ts";
import { openDuckDb } from "./engine.ts";

let folder: string;
let engine: Engine;

beforeAll(async () => {
  folder = await mkdtemp(joinPath(tmpdir(), "medallion-engine-"));
  engine = await openDuckDb({
    timeZone: "Europe/Berlin",
    folders: [folder],
    temporaryFolder: joinPath(folder, "spill"),
  });
});

afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Text without half surrogate pairs, which no UTF-8 can hold. */
const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed());

describe("quoting", () => {
  it("brings any value back as it went in", async () => {
    const nasty = fc.constantFrom("'; drop table x; --", "\\", "\u0024{x}", "a\0b", "\n", '"', "$1", "?", "🚀");
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, nasty), fc.maxSafeInteger(), fc.boolean(), async (string, number, boolean) => {
        const [row] = await engine.rows(
          sql`SELECT ${string} AS string, ${number} AS number, ${boolean} AS "boolean", ${null} AS nothing`,
        );
        expect(row).toEqual({ string, number, boolean, nothing: null });
      }),
      { numRuns: 300 },
    );
  });

  it("brings any double back as it went in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
        const [row] = await engine.rows(sql`SELECT CAST(${value} AS DOUBLE) AS value`);
        expect(row?.value).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it("takes any name for a column", async () => {
    const name = text.filter((value) => value !== "" && !value.includes("\0"));
    await fc.assert(
      fc.asyncProperty(name, async (column) => {
        expect(await engine.rows(sql`SELECT 1 AS ${identifier(column)}`)).toEqual([{ [column]: 1 }]);
      }),
    );
  });

  it("refuses what is no SQL", () => {
    expect(() => engine.dialect.render(sql`SELECT ${Number.NaN}`)).toThrow(
      expect.objectContaining({ code: "VALUE_INVALID" }),
    );
    expect(() => engine.dialect.render(sql`SELECT ${"\ud800"}`)).toThrow(
      expect.objectContaining({ code: "VALUE_INVALID" }),
    );
    expect(() => engine.dialect.render(identifier("a\0b"))).toThrow(expect.objectContaining({ code: "VALUE_INVALID" }));
  });

  it("writes the statement that it is given", () => {
    const columns = join([identifier("a"), identifier('b"c')]);
    expect(engine.dialect.render(sql`SELECT ${columns} FROM t WHERE x = ${"it's"}`)).toBe(
      `SELECT "a", "b""c" FROM t WHERE x = 'it''s'`,
    );
  });
});

describe("the dialect", () => {
  const one = async (value: ReturnType<typeof sql>) => (await engine.rows(sql`SELECT ${value} AS value`))[0]?.value;

  it("takes an object apart without touching its members, at any depth", async () => {
    const objects = fc.sample(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 }), 200).map((object) => {
      const members = Object.entries(object).map(([key, value]) => `${JSON.stringify(key)} : ${JSON.stringify(value)}`);
      return { document: `{${members.join(" ,\t")}}`, members: members.join("|") };
    });
    const nested = [63, 64, 65, 200, 510].map((depth) => {
      const deep = `"a":${"[".repeat(depth)}{"b":1}${"]".repeat(depth)}`;
      return { document: `{${deep},"c":2}`, members: `${deep}|"c":2` };
    });
    const documents = [...objects, ...nested].map(({ document }) => sql`${document}`);
    const found = await engine.rows(
      sql`SELECT array_to_string(${engine.dialect.jsonMembers(identifier("document"))}, '|') AS members
        FROM (SELECT unnest([${join(documents)}]) AS document)`,
    );
    expect(found.map(({ members }) => members)).toEqual([...objects, ...nested].map(({ members }) => members));
  });

  it("reads instants to the microsecond and cuts what is finer", async () => {
    const { isoInstant, instantText } = engine.dialect;
    const read = (value: string) => one(instantText(isoInstant(sql`${value}`)));
    expect(await read("2025-11-27T10:00:00.1234569+05:30")).toBe("2025-11-27T04:30:00.123456Z");
    expect(await read("2025-07-01T12:00:00")).toBe("2025-07-01T10:00:00.000000Z");
    expect(await read("2025-02-30T10:00:00Z")).toBeNull();
  });

  it("finds the day in the session's time zone", async () => {
    const { day, isoInstant } = engine.dialect;
    expect(await one(day(isoInstant(sql`'2025-11-27T23:30:00Z'`)))).toBe("20251128");
  });

  it("writes seconds without trailing zeros", async () => {
    for (const [micros, seconds] of [
      [0, "0"],
      [60_500_000, "60.5"],
      [2_400_000_007, "2400.000007"],
      [10_000_000, "10"],
    ] as const) {
      expect(await one(engine.dialect.secondsText(sql`${micros}`))).toBe(seconds);
    }
  });
});

describe("an engine", () => {
  it("reaches nothing outside its folders and keeps its settings", async () => {
    const outside = joinPath(tmpdir(), "medallion-outside.csv");
    const statements = [
      sql`SELECT * FROM read_text(${process.execPath})`,
      sql`COPY (SELECT 1) TO ${outside}`,
      sql`ATTACH ${outside}`,
      sql`INSTALL httpfs`,
      sql`SET memory_limit = '1GB'`,
      sql`SET enable_external_access = true`,
    ];
    for (const statement of statements) {
      await expect(engine.execute(statement)).rejects.toMatchObject({ code: "STATEMENT_FAILED" });
    }
  });

  it("says which statement failed, and stops one when it is interrupted", async () => {
    await expect(engine.rows(sql`SELECT nothing`)).rejects.toMatchObject({ statement: "SELECT nothing" });
    const running = engine.rows(sql`SELECT count(*) AS n FROM range(100000000000) AS t(i) WHERE sqrt(i) = -1`);
    const poke = setInterval(() => engine.interrupt(), 20);
    await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
    clearInterval(poke);
  });

  it("refuses settings that DuckDB does not take", async () => {
    const options = { timeZone: "UTC", folders: [folder], temporaryFolder: folder, memoryLimit: "much" };
    await expect(openDuckDb(options)).rejects.toMatchObject({ code: "ENGINE_OPTION_INVALID" });
  });

  it("reads lines as they are, and as JSON", async () => {
    const path = joinPath(folder, "lines.jsonl");
    await writeFile(path, '{"a" : 1.10}\n\n  \n{bad "quote\n{"b":2}');
    const read = async (json: boolean) =>
      (
        await engine.rows(
          sql`SELECT line, file FROM ${await engine.lines([{ path, file: "f" }], { maxLineBytes: 100, json })}`,
        )
      ).map((row) => row.line);
    expect((await read(false)).sort()).toEqual(['{"a" : 1.10}', '{"b":2}', '{bad "quote']);
    expect((await read(true)).filter((line) => line !== null).sort()).toEqual(['{"a" : 1.10}', '{"b":2}']);
  });

  it("asks how long lines are, and reads one that is longer than its usual buffer", async () => {
    const path = joinPath(folder, "long.jsonl");
    const line = `{"a":"${"x".repeat(20 * 1024 * 1024)}"}`;
    await writeFile(path, `{"b":1}\n${line}\n`);
    const lengths = async (maxLineBytes: number | (() => Promise<number>)) => {
      const lines = await engine.lines([{ path, file: "f" }], { maxLineBytes, json: true });
      const rows = await engine.rows(sql`SELECT length(line) AS n FROM ${lines} ORDER BY n`);
      return rows.map(({ n }) => n);
    };
    expect(await lengths(async () => line.length)).toEqual([7, line.length]);
    expect(await lengths(line.length)).toEqual([7, line.length]);
  });

  it("writes each partition in order, as lines and as Parquet", async () => {
    await engine.materialize(
      "rows",
      sql`SELECT * FROM (VALUES ('x', 2, 'é"\\'), ('x', 1, 'b'), ('y', 1, 'c')) AS v(part, n, line)`,
    );
    const shared = { rows: engine.table("rows"), partitionBy: "part", orderBy: ["n"] };
    const counts = await engine.writePartitions({
      ...shared,
      format: "lines",
      columns: ["line"],
      partitions: ["x", "y"],
      file: (partition) => joinPath(folder, `${partition}.jsonl`),
    });
    expect([...counts]).toEqual([
      ["x", [2]],
      ["y", [1]],
    ]);
    expect(await readFile(joinPath(folder, "x.jsonl"), "utf8")).toBe('b\né"\\\n');
    const path = joinPath(folder, "x.parquet");
    await engine.writePartitions({
      ...shared,
      format: "parquet",
      columns: ["n", "line"],
      partitions: ["x"],
      file: () => path,
    });
    expect(await engine.rows(sql`SELECT n, "partition" FROM ${engine.parquet([{ path, partition: "x" }])}`)).toEqual([
      { n: 1, partition: "x" },
      { n: 2, partition: "x" },
    ]);
  });
});
