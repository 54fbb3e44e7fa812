import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { EngineError } from "../errors.ts";
import { join as joined, sql } from "../sql/sql.ts";
import { openReadOnlyDuckDb, type ReadOnlyEngine, type ReadOnlyOptions } from "./read-only.ts";
import type { QueryValue } from "./read-only-values.ts";

interface Place {
  readonly folder: string;
  readonly allowed: string;
  readonly engine: ReadOnlyEngine;
}

async function place(options: Partial<ReadOnlyOptions> = {}): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "medallion-read-only-"));
  await mkdir(join(folder, "lake"));
  const allowed = join(folder, "lake/it's.jsonl");
  await writeFile(allowed, '{"a":1}\n{"a":2}\n');
  await writeFile(join(folder, "lake/other.jsonl"), "secret\n");
  await writeFile(join(folder, "outside.csv"), "secret\n");
  await symlink(join(folder, "outside.csv"), join(folder, "lake/link.csv"));
  const engine = await openReadOnlyDuckDb({
    timeZone: "Europe/Berlin",
    files: [allowed],
    temporaryFolder: join(folder, "spill"),
    ...options,
  });
  onTestFinished(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });
  await engine.define("records", sql`SELECT line, file FROM ${engine.lines([{ path: allowed, file: "f" }], 1000)}`);
  return { folder, allowed, engine };
}

async function rowsOf(engine: ReadOnlyEngine, text: string): Promise<QueryValue[][]> {
  const rows: QueryValue[][] = [];
  for await (const batch of (await engine.query(text)).batches()) rows.push(...batch);
  return rows;
}

const failure = async (engine: ReadOnlyEngine, text: string): Promise<EngineError> =>
  rowsOf(engine, text).then(
    (rows) => expect.unreachable(`${text} gave ${JSON.stringify(rows)}`),
    (error) => error,
  );

describe("what a query may do", () => {
  it("reads files in the order in which they were given, and their rows in theirs", async () => {
    // The first files take the longest, so that those behind them are ready before.
    const contents = Array.from({ length: 40 }, (_, file) =>
      Array.from({ length: file < 4 ? 3000 : 3 }, (_, row) => `${file}-${row}`),
    );
    const folder = await mkdtemp(join(tmpdir(), "medallion-read-only-"));
    const files = contents.map((_, file) => join(folder, `${file}.json`));
    for (const [file, rows] of contents.entries()) {
      await writeFile(files[file] ?? "", rows.map((n) => JSON.stringify({ n })).join("\n"));
    }
    const engine = await openReadOnlyDuckDb({
      timeZone: "UTC",
      files,
      temporaryFolder: join(folder, "spill"),
      threads: 4,
    });
    onTestFinished(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });
    const list = joined(files.map((file) => sql`${file}`));
    await engine.define(
      "records",
      sql`SELECT * FROM read_json([${list}], columns = {n: 'VARCHAR'}, format = 'unstructured')`,
    );
    expect((await rowsOf(engine, "select n from records")).map(([n]) => n)).toEqual(contents.flat());
  });

  it("reads what was defined", async () => {
    const { engine } = await place();
    for (const text of [
      "select line->>'a' from records",
      "FROM (SELECT CAST(line AS JSON)->>'a' FROM records);",
      "-- a comment\nwith x as (table records) select json_extract_string(line, '$.a') from x -- end",
      "pivot records on file in ('f') using max(line->>'a') group by line",
    ]) {
      expect(await rowsOf(engine, text), text).toHaveLength(2);
    }
    expect(await rowsOf(engine, "show tables")).toEqual([["records"]]);
    expect(await rowsOf(engine, "describe records")).toHaveLength(2);
    expect(await rowsOf(engine, "values (1)")).toEqual([[1]]);
  });

  it("reads no other file", async () => {
    const { engine, folder } = await place();
    const paths = ["/etc/passwd", "/proc/self/environ", `${folder}/lake/other.jsonl`, `${folder}/lake/link.csv`];
    const inDisguise = [
      `${folder}/lake/../outside.csv`,
      `${folder}/lake/*`,
      "https://example.com/x.csv",
      "s3://a/b.parquet",
    ];
    for (const path of [...paths, ...inDisguise]) {
      for (const reader of ["read_text", "read_csv", "read_json", "read_parquet", "parquet_metadata"]) {
        const error = await failure(engine, `select * from ${reader}('${path}')`);
        expect(error.code, `${reader} ${path}`).toBe("QUERY_REFUSED");
      }
      expect((await failure(engine, `select * from '${path}'`)).code).toMatch(/^QUERY_/);
    }
    expect((await failure(engine, "select * from glob('/etc/*')")).code).toBe("QUERY_REFUSED");
    expect((await failure(engine, "select * from read_blob('/etc/passwd')")).code).toBe("QUERY_REFUSED");
  });

  it("refuses all that is no single SELECT, and what has an effect", async () => {
    const { engine, folder, allowed } = await place();
    const path = allowed.replaceAll("'", "''");
    const before = await readdir(folder, { recursive: true });
    const texts = [
      `copy (select 1) to '${path}'`,
      `copy (select 1) to '${folder}/new.csv'`,
      `copy records to '/dev/stdout'`,
      `copy records from '${path}'`,
      `export database '${folder}/export'`,
      `import database '${folder}'`,
      `attach '${folder}/new.db'`,
      "install httpfs",
      "load httpfs",
      "set threads = 1",
      "reset threads",
      "set variable x = 1",
      "pragma enable_profiling",
      "pragma database_list",
      "call pragma_version()",
      "create table t as select 1",
      "create macro range(x) as table select 1",
      "create or replace temp view records as select 1",
      "drop view records",
      "insert into records values ('')",
      "begin",
      "use memory",
      "vacuum",
      "checkpoint",
      "prepare p as select 1",
      "execute p",
      "explain analyze select 1",
      "explain select 1",
      "create secret s (type s3)",
      "select 1; select 2",
      "",
      "-- nothing",
      "select 1\0; drop view records",
      "select * from enable_logging('QueryLog', storage='file', storage_config={'path':'/tmp/log'})",
      'select * from system.main."ENABLE_Logging"()',
      `select * from enable_profiling('json', save_location='${path}')`,
      "select 1 where exists (from disable_logging())",
      "with x as (select * from force_checkpoint()) from x",
      "select * from query('select 1')",
      "select * from json_execute_serialized_sql(json_serialize_sql('select 1'))",
      "select write_log('x')",
      "select * from enable_peg_parser()",
      "select * from read_duckdb('x')",
      "select * from duckdb_secrets()",
      "select * from truncate_duckdb_logs()",
    ];
    for (const text of texts) {
      const error = await failure(engine, text);
      expect(`${text}: ${error.code}`).toMatch(/: QUERY_(REFUSED|INVALID)$/);
    }
    expect(await readdir(folder, { recursive: true })).toEqual(before);
    expect(await readFile(allowed, "utf8")).toBe('{"a":1}\n{"a":2}\n');
    expect(await rowsOf(engine, "select count(*) from records")).toEqual([[2]]);
  });

  it("points to the place of a mistake in a few lines", async () => {
    const { engine } = await place();
    const mistakes = {
      "selct 1": 'syntax error at or near "selct"\nLINE 1: selct 1\n        ^',
      "select 1,\n  foo(2)": "foo does not exist!",
      "select nothing from records": "LINE 1: select nothing from records",
      "select cast('abc' as integer)": "Could not convert string 'abc'",
      "select * from silver_nothing": "Table with name silver_nothing does not exist!",
      "select ?": "parameters",
      "select cast(line as integer) from records": "Could not convert string",
    };
    for (const [text, part] of Object.entries(mistakes)) {
      const error = await failure(engine, text);
      expect(error).toMatchObject({ code: "QUERY_INVALID", statement: text });
      expect(error.message).toContain(part);
      expect(error.message.split("\n").length).toBeLessThan(7);
    }
  });
});

describe("the values of a query", () => {
  it("come exactly, whatever their type", async () => {
    const { engine } = await place();
    const values: [string, QueryValue][] = [
      ["NULL", null],
      ["1::TINYINT", 1],
      ["9007199254740993::BIGINT", 9007199254740993n],
      ["12345678901234567890123::HUGEINT", 12345678901234567890123n],
      ["1.50::DECIMAL(10, 2)", { kind: "number", text: "1.50" }],
      ["0.1::DOUBLE", 0.1],
      ["3.4::FLOAT", 3.4],
      ["'-inf'::DOUBLE", "-Infinity"],
      ["true", true],
      ["'a\nb'", "a\nb"],
      ["DATE '2025-01-02'", "2025-01-02"],
      ["TIME '10:00:00.5'", "10:00:00.5"],
      ["TIMESTAMP '2025-01-02 03:04:05.123456'", "2025-01-02T03:04:05.123456"],
      ["TIMESTAMPTZ '2025-01-02 03:04:05.123456'", "2025-01-02T02:04:05.123456Z"],
      ["TIMESTAMPTZ '1969-12-31 23:59:59.999999+00'", "1969-12-31T23:59:59.999999Z"],
      ["TIMESTAMPTZ 'infinity'", "infinity"],
      ["INTERVAL 3 DAY", "3 days"],
      ["'x'::ENUM('x', 'y')", "x"],
      ["[1, NULL]", [1, null]],
      [
        "{'a': 1, 'b': {'c': [1.5]}}",
        new Map<string, QueryValue>([
          ["a", 1],
          ["b", new Map([["c", [{ kind: "number", text: "1.5" }]]])],
        ]),
      ],
      ["MAP {'k': 1}", new Map([["k", 1]])],
      ["MAP {3: 1}", new Map([["3", 1]])],
      ["'{\"a\": 1}'::JSON", { kind: "json", text: '{"a": 1}' }],
      ["['{\"a\":1}'::JSON]", [{ kind: "json", text: '{"a":1}' }]],
      ["'ab'::BLOB", "ab"],
      ["'2025-01-02 03:04:05'::TIMESTAMP_S", "2025-01-02T03:04:05"],
    ];
    const [row] = await rowsOf(engine, `select ${values.map(([expression]) => expression).join(", ")}`);
    for (const [index, [expression, value]] of values.entries()) expect(row?.[index], expression).toEqual(value);
  });

  it("are streamed: a result far beyond memory begins at once", async () => {
    const { engine } = await place({ memoryLimit: "100MB" });
    const { columns, batches } = await engine.query("select i, repeat('x', 1000) as text from range(100000000) t(i)");
    expect(columns).toEqual([
      { name: "i", type: "BIGINT" },
      { name: "text", type: "VARCHAR" },
    ]);
    let count = 0;
    for await (const rows of batches()) {
      count += rows.length;
      if (count > 100_000) break;
    }
    expect(count).toBeGreaterThan(100_000);
    expect(await rowsOf(engine, "select 1")).toEqual([[1]]);
  });

  it("are sorted beyond memory on the disk", async () => {
    const { engine, folder } = await place({ memoryLimit: "60MB", threads: 1 });
    const text =
      "select i from (select i, repeat('x', 100) as t from range(1000000) t(i)) order by hash(i), t limit 1 offset 900000";
    expect(await rowsOf(engine, text)).toHaveLength(1);
    expect(await readdir(folder)).toContain("spill");
  });

  it("never end early without an error", async () => {
    const { engine } = await place();
    const late = "select cast(case when i = 500000 then 'x' else '1' end as integer) from range(1000000) t(i)";
    expect(await failure(engine, late)).toMatchObject({
      code: "QUERY_INVALID",
      message: expect.stringContaining("Could not convert string 'x'"),
    });
    expect(await rowsOf(engine, "select i from range(500000) t(i)")).toHaveLength(500_000);
    expect(await rowsOf(engine, "select 1 where false")).toEqual([]);
    const { batches } = await engine.query("select i from range(1000000000000) t(i)");
    const taken = (async () => {
      for await (const _ of batches()) engine.interrupt();
    })();
    await expect(taken).rejects.toMatchObject({ code: "INTERRUPTED" });
  });

  it("stop when the query is interrupted", async () => {
    const { engine } = await place();
    const running = failure(engine, "select sum(hash(a.i, b.i)) from range(1000000) a(i), range(1000000) b(i)");
    await new Promise((resolve) => setImmediate(resolve));
    engine.interrupt();
    expect(await running).toMatchObject({ code: "INTERRUPTED", message: "The query was interrupted." });
    expect((await failure(engine, "select 1")).code).toBe("INTERRUPTED");
  });
});
