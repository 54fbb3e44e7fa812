import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../engine.ts";
import { identifier, join, sql } from "../sql/sql.ts";
import { openDuckDb } from "./engine.ts";

const folder = mkdtempSync(joinPath(tmpdir(), "medallion-engine-"));
const outside = mkdtempSync(joinPath(tmpdir(), "medallion-outside-"));
let engine: Engine;

beforeAll(async () => {
  engine = await openDuckDb({ timeZone: "America/New_York", folders: [folder], temporaryFolder: folder, threads: 2 });
});

afterAll(async () => {
  await engine.close();
  for (const path of [folder, outside]) rmSync(path, { recursive: true });
});

const texts = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("'", '"', "\\", "\0", "😀", "\n", "'; --", "''"));

describe("quoting", () => {
  it("gives every text back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (values) => {
        const columns = join(values.map((value, index) => sql`${value} AS ${identifier(`c${index}`)}`));
        const [row] = await engine.rows(sql`SELECT ${columns}`);
        expect(Object.values(row ?? {})).toEqual(values);
      }),
    );
  });

  it("gives every name back", async () => {
    const names = texts.filter((name) => name !== "" && !name.includes("\0"));
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        const [row] = await engine.rows(sql`SELECT ${identifier(name)} FROM (SELECT 1 AS ${identifier(name)})`);
        expect(Object.values(row ?? {})).toEqual([1]);
      }),
    );
  });

  it("refuses what no SQL text can hold", () => {
    const invalid = expect.objectContaining({ code: "VALUE_INVALID" });
    for (const value of ["\ud800", Number.NaN]) {
      expect(() => engine.dialect.render(sql`SELECT ${value}`)).toThrow(invalid);
    }
    expect(() => engine.dialect.render(identifier("a\0"))).toThrow(invalid);
  });
});

describe("the dialect", () => {
  it.each([1, 2, 63, 64, 65, 200, 500])("splits members at depth %i", async (depth) => {
    const value = `${'{"a":['.repeat(depth >> 1)}1${"]}".repeat(depth >> 1)}`;
    const members = [`"x" : ${value}`, '"y":"},{"', `"z":[${value},2]`];
    const list = engine.dialect.jsonMembers(sql`${`{ ${members.join(" , ")} }`}`);
    const rows = await engine.rows(sql`SELECT unnest(${list}) AS member`);
    expect(rows.map(({ member }) => member)).toEqual(members);
  });

  it("reads the values that it names", async () => {
    const { dialect } = engine;
    const instant = dialect.isoInstant(sql`${"2025-11-27T02:30:00.123456Z"}`);
    const local = dialect.isoInstant(sql`${"2025-11-27T10:00:00"}`);
    const [row] = await engine.rows(sql`SELECT
      ${dialect.jsonStrings(dialect.jsonKeys(sql`${'{"b":1,"\\u0061":2}'}`))} AS keys,
      ${dialect.codePointLength(sql`${"a😀b"}`)} AS length,
      ${dialect.secondsText(sql`${1_500_000}`)} AS seconds, ${dialect.secondsText(sql`${1}`)} AS least,
      ${dialect.secondsText(sql`${100_000_000}`)} AS whole,
      ${dialect.finiteDouble(sql`${"1e400"}`)} AS huge, ${dialect.finiteDouble(sql`${"1.5e3"}`)} AS finite,
      ${dialect.instantText(instant)} AS text, ${dialect.day(instant)} AS "day",
      ${dialect.instantText(local)} AS local, ${dialect.instantText(dialect.isoInstant(sql`'2025-02-30T00:00:00Z'`))} AS none`);
    expect(row).toEqual({
      ...{ keys: '["b","a"]', length: 3, seconds: "1.5", least: "0.000001", whole: "100", huge: null, finite: 1500 },
      ...{ text: "2025-11-27T02:30:00.123456Z", day: "20251126", local: "2025-11-27T15:00:00.000000Z", none: null },
    });
  });
});

describe("the engine", () => {
  it("is closed to the outside", async () => {
    const path = joinPath(outside, "secret.csv");
    writeFileSync(path, "secret\n");
    const attempts = [
      sql`SELECT * FROM read_csv(${path})`,
      sql`COPY (SELECT 1) TO ${path}`,
      sql`SET enable_external_access = true`,
      sql`SET TimeZone = 'UTC'`,
      sql`INSTALL httpfs`,
    ];
    for (const attempt of attempts) {
      await expect(engine.execute(attempt)).rejects.toMatchObject({ code: "STATEMENT_FAILED" });
    }
    expect(readFileSync(path, "utf8")).toBe("secret\n");
  });

  it("stops when it is told to", async () => {
    const running = engine.execute(sql`SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b`);
    const stopped = expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
    const again = setInterval(() => engine.interrupt(), 10);
    await stopped;
    clearInterval(again);
  });

  it.each([true, false])("reads lines (known to be JSON: %s)", async (json) => {
    const path = joinPath(folder, "lines.jsonl");
    writeFileSync(path, '{"a":"\\u0000 \' 😀"}\n\n  \n{"b":1.0}');
    const lines = engine.lines([{ path, file: "f" }], { maxLineBytes: 1000, json });
    expect(await engine.rows(sql`SELECT * FROM ${lines}`)).toEqual([
      { line: '{"a":"\\u0000 \' 😀"}', file: "f" },
      { line: '{"b":1.0}', file: "f" },
    ]);
  });

  it("writes one file a partition, in order", async () => {
    const path = joinPath(folder, "out.jsonl");
    const rows = sql`(VALUES ('x', 2, '"b"'), ('x', 1, '{"a":"\\n,"}'), ('y', 1, 'c')) AS t("day", n, line)`;
    const write = { rows, partitionBy: "day", orderBy: ["n"], columns: ["line"], format: "lines" } as const;
    expect(await engine.writePartitions({ ...write, files: new Map([["x", path]]) })).toEqual(new Map([["x", 2]]));
    expect(readFileSync(path, "utf8")).toBe('{"a":"\\n,"}\n"b"\n');
  });
});
