import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dialect, JsonKind, JsonPath } from "./dialect.ts";
import type { Engine } from "./engine.ts";
import { identifier, join, type Sql, sql } from "./sql/sql.ts";
import { type TestEngine, testEngines } from "./testing.ts";

const SLOWLY = { timeout: 240_000 };

/** What an expression makes of each of several texts, computed over a table as rows of data are. */
async function each(
  engine: Engine,
  inputs: readonly string[],
  expression: (dialect: Dialect, text: Sql) => Sql,
): Promise<unknown[]> {
  const values = inputs.map((text, index) => sql`(${index}, ${text})`);
  await engine.materialize("inputs", sql`SELECT * FROM (VALUES ${join(values)}) AS v(place, input)`);
  const value = expression(engine.dialect, identifier("input"));
  const rows = await engine.rows(
    sql`SELECT place, ${value} AS answer FROM ${engine.table("inputs")} ORDER BY place ASC NULLS FIRST`,
  );
  return rows.map(({ answer }) => answer);
}

function expectEach(answers: readonly (readonly [input: string, answer: unknown])[], found: readonly unknown[]): void {
  expect(answers.map(([input], index) => [input, found[index]])).toEqual(answers);
}

describe.each(testEngines)("$name", SLOWLY, (candidate: TestEngine) => {
  let folder: string;
  let engine: Engine;

  beforeAll(async () => {
    folder = await mkdtemp(joinPath(tmpdir(), "medallion-contract-"));
    engine = await candidate.open({ timeZone: "Europe/Berlin", folder });
  }, SLOWLY.timeout);

  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("brings any value back as it went in", async () => {
    const texts = ["", "'; drop table x; --", "\\", "\\u0041", "\u0024{x}", "a\0b", "\n", '"', "`", ":a ? %s", "🚀", "\u2028"];
    const numbers = [0, -1, 2 ** 31, -(2 ** 53) + 1, 0.1, 1e-300, -1.5, 9_223_372_036_854_775_807n];
    const values = [...texts, ...numbers, true, false, null];
    const columns = values.map((value, index) => sql`${value} AS ${identifier(`c${index}`)}`);
    const [row] = await engine.rows(sql`SELECT ${join(columns)}`);
    expect(Object.values(row ?? {})).toEqual(values);
  });

  it("takes any name for a column", async () => {
    const names = ["a", "`", '"', "a`b``c", "a.b", "a b", "é", "🚀", "select", "$x", "a'b", "\\"];
    const columns = names.map((name, index) => sql`${index} AS ${identifier(name)}`);
    const [row] = await engine.rows(sql`SELECT * FROM (SELECT ${join(columns)}) AS t`);
    expect(Object.keys(row ?? {})).toEqual(names);
  });

  it("reads values of documents", async () => {
    const document = `{ "s":"a\\u00e9\\n\\"", "n": 1.50,"o" : {"x":[1, 2.0,"\\u0041"], "y":{"z":null,"w":true}}, "a/~":[] ,"":-0, "big":1e400}`;
    const paths: JsonPath[] = [[], ["s"], ["n"], ["o"], ["o", "x"], ["o", "y", "z"], ["o", "y", "w"], ["a/~"], [""], ["big"], ["none"], ["s", "x"]];
    const kinds: JsonKind[] = ["string", "number", "boolean", "object", "array"];
    const { dialect } = engine;
    const fields = identifier("fields");
    const columns = paths.flatMap((_, index) => [
      sql`${dialect.jsonHas(fields, index)} AS ${identifier(`has ${index}`)}`,
      sql`${dialect.jsonPresent(fields, index)} AS ${identifier(`present ${index}`)}`,
      sql`${dialect.jsonText(fields, index)} AS ${identifier(`text ${index}`)}`,
      ...kinds.map((kind) => sql`coalesce(${dialect.jsonIs(fields, index, kind)}, false) AS ${identifier(`${kind} ${index}`)}`),
    ]);
    await engine.materialize("documents", sql`SELECT ${document} AS document`);
    const [row] = await engine.rows(
      sql`SELECT ${join(columns)} FROM (SELECT ${dialect.jsonFields(identifier("document"), paths)} AS fields FROM ${engine.table("documents")}) AS f`,
    );
    const found = paths.map((path, index) => {
      const kind = kinds.filter((name) => row?.[`${name} ${index}`] === true);
      return [path.join("."), row?.[`has ${index}`], row?.[`present ${index}`], kind.join(), row?.[`text ${index}`]];
    });
    const inner = '{"x":[1,2.0,"A"],"y":{"z":null,"w":true}}';
    expect(found).toEqual([
      ["", true, true, "object", `{"s":"aé\\n\\"","n":1.5,"o":${inner},"a/~":[],"":0,"big":1e400}`],
      ["s", true, true, "string", 'aé\n"'],
      ["n", true, true, "number", "1.5"],
      ["o", true, true, "object", inner],
      ["o.x", true, true, "array", '[1,2.0,"A"]'],
      ["o.y.z", true, false, "", null],
      ["o.y.w", true, true, "boolean", "true"],
      ["a/~", true, true, "array", "[]"],
      ["", true, true, "number", "0"],
      ["big", true, true, "number", "1e400"],
      ["none", false, false, "", null],
      ["s.x", false, false, "", null],
    ]);
  });

  it("takes objects apart without touching their members, at any depth", async () => {
    const deep = [63, 64, 65, 200, 510].map((depth) => `"a":${"[".repeat(depth)}{"b":"]}"}${"]".repeat(depth)}`);
    const answers: [string, string[]][] = [
      ["{}", []],
      [' { "a" : 1.10 ,\t"b":[ {} , "x,}" ]}\n', ['"a" : 1.10', '"b":[ {} , "x,}" ]']],
      ['{"k\\"}":"\\\\","":null}', ['"k\\"}":"\\\\"', '"":null']],
      ...deep.map((member): [string, string[]] => [`{${member},"c":2}`, [member, '"c":2']]),
    ];
    const found = await each(engine, answers.map(([input]) => input), (dialect, text) => dialect.jsonStrings(dialect.jsonMembers(text)));
    expectEach(answers, found.map((text) => JSON.parse(String(text))));
  });

  it("takes a value of many members and a long string apart", async () => {
    const members = Array.from({ length: 20_000 }, (_, index) => `"k${index}":{"v":[${index}]}`);
    const [found] = await each(engine, [`{"long":"${'x\\"'.repeat(200_000)}",${members.join(",")}}`], (dialect, text) => dialect.jsonKeyCount(text, []));
    expect(found).toBe(20_001);
  });

  it("knows keys, counts and lengths", async () => {
    const documents = ['{"a":1,"a":2,"b":[1,[2,3],"x"]}', '{"a\\u0062":1,"ab":{"c":1,"c":2}}', '{"😀":{},"b":[]}', "[1,2]", '"x"'];
    const of = (expression: (dialect: Dialect, text: Sql) => Sql) => each(engine, documents, expression);
    expect(await of((dialect, text) => dialect.jsonStrings(dialect.jsonKeys(text)))).toEqual(['["a","a","b"]', '["ab","ab"]', '["😀","b"]', "[]", "[]"]);
    expect(await of((dialect, text) => dialect.jsonKeyCount(text, []))).toEqual([3, 2, 2, 0, 0]);
    expect(await of((dialect, text) => dialect.jsonKeyCount(text, ["😀"]))).toEqual([null, null, 0, null, null]);
    expect(await of((dialect, text) => dialect.jsonHasRepeatedKey(text, []))).toEqual([true, true, false, false, false]);
    expect(await of((dialect, text) => dialect.jsonHasRepeatedKey(text, ["ab"]))).toEqual([null, false, null, null, null]);
    expect(await of((dialect, text) => dialect.jsonArrayLength(text, ["b"]))).toEqual([3, null, 0, null, null]);
  });

  it("keeps the members that are named, or the others", async () => {
    const document = '{"a":1, "b\\u0062" : [2],"c":"x"}';
    const of = (wanted: boolean) =>
      each(engine, [document], (dialect, text) =>
        dialect.jsonMembersNamed(dialect.jsonMembers(text), dialect.jsonKeys(text), dialect.listOfPresent([sql`'bb'`, sql`NULL`, sql`'c'`]), wanted),
      );
    expect([await of(true), await of(false)]).toEqual([['"b\\u0062" : [2],"c":"x"'], ['"a":1']]);
  });

  it("knows what is JSON", async () => {
    const right = ["{}", " [1 , -0.5e+3]\n", '"a\\ud83d\\ude80"', "null", '{"a":1,"a":2}', '{"a":{"b":[]}}'];
    const wrong = ["", "{", "01", "{} {}", "nul", "{'a':1}", "[}", '{"a" 1}', "tru", "[1 2]", '{"a":1} x', '"\t"', "+1", "1."];
    const found = await each(engine, [...right, ...wrong], (dialect, text) => dialect.jsonValid(text));
    expectEach([...right.map((text) => [text, true] as const), ...wrong.map((text) => [text, false] as const)], found);
  });

  it("writes text and lists as JSON", async () => {
    const texts = ["", 'a"\\/b', "\0\u0001\b\t\n\v\f\r\u001f\u007f\u2028é🚀"];
    expect(await each(engine, texts, (dialect, text) => dialect.jsonString(text))).toEqual(
      texts.map((text) => JSON.stringify(text).replace("\\u000b", "\\u000B").replace("\\u001f", "\\u001F")),
    );
    expect(await each(engine, ["x"], (dialect, text) => dialect.jsonStrings(dialect.listOfPresent([text, sql`NULL`, sql`'"'`])))).toEqual(['["x","\\""]']);
    expect(await each(engine, ["x"], (dialect) => dialect.jsonStrings(dialect.listOfPresent([])))).toEqual(["[]"]);
    expect(await each(engine, ["x"], (dialect) => dialect.jsonString(sql`CAST(NULL AS STRING)`))).toEqual([null]);
  });

  it("reads instants to the microsecond, and local times in the session's zone", async () => {
    const answers: [string, string | null][] = [
      ["2025-11-27T10:00:00.1234569+05:30", "2025-11-27T04:30:00.123456Z"],
      ["2025-11-27T10:00:00-18", "2025-11-28T04:00:00.000000Z"],
      ["2025-11-27T10:00:00.5-0530", "2025-11-27T15:30:00.500000Z"],
      ["2025-07-01T12:00:00", "2025-07-01T10:00:00.000000Z"],
      ["2025-03-30T02:30:00", "2025-03-30T01:30:00.000000Z"],
      ["2025-10-26T02:30:00", "2025-10-26T01:30:00.000000Z"],
      ["2025-10-26T01:59:59.999999", "2025-10-25T23:59:59.999999Z"],
      ["2025-10-26T03:00:00", "2025-10-26T02:00:00.000000Z"],
      ["1800-01-01T00:00:00", "1799-12-31T23:06:32.000000Z"],
      ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"],
      ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999Z"],
      ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"],
      ["2025-02-30T10:00:00Z", null],
      ["2025-02-30T10:00:00", null],
    ];
    const inputs = answers.map(([input]) => input);
    expectEach(answers, await each(engine, inputs, ({ instantText, isoInstant }, text) => instantText(isoInstant(text))));
    const micros = await each(engine, ["0", "-1", "253402300799999999"], (dialect, text) =>
      dialect.instantText(dialect.instantOfMicros(sql`CAST(${text} AS BIGINT)`)),
    );
    expect(micros).toEqual(["1970-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"]);
    expect(await each(engine, ["1969-12-31T23:59:59.999999Z"], (dialect, text) => dialect.micros(dialect.isoInstant(text)))).toEqual([-1]);
  });

  it("finds the day in the session's time zone", async () => {
    const answers: [string, string][] = [
      ["2025-11-27T22:59:59.999999Z", "20251127"],
      ["2025-11-27T23:00:00Z", "20251128"],
      ["2025-07-01T22:00:00Z", "20250702"],
      ["0001-01-01T00:00:00Z", "00010101"],
      ["9999-12-31T23:59:59Z", "100000101"],
    ];
    expectEach(answers, await each(engine, answers.map(([input]) => input), ({ day, isoInstant }, text) => day(isoInstant(text))));
  });

  it("matches whole texts", async () => {
    const patterns = ["^[a-z]+$", "^a.b$", "^\\d{2}\\s\\w$", "^(?:a|b)*$", "^[a[b]$", "^[a&&b]+$", "^[$]$|^\\$x$"];
    const texts = ["abc", "abc\n", "a\nb", "a\rb", "12 a", "12\va", "abab", "[", "&", "$", "$x", "", "é"];
    for (const pattern of patterns) {
      const found = await each(engine, texts, (dialect, text) => dialect.matches(text, pattern));
      const expected = texts.map((text) => (pattern === "^a.b$" && text === "a\rb" ? true : new RegExp(pattern).test(text)));
      // JavaScript's `\s` has the vertical tab, which RE2 has not.
      expectEach(texts.map((text, index) => [text, text.includes("\v") ? false : expected[index]]), found);
    }
    expect(await each(engine, ["😀é", ""], (dialect, text) => dialect.characterCount(text))).toEqual([2, 0]);
    expect(await each(engine, ["abc"], (dialect, text) => dialect.startsWith(text, "ab"))).toEqual([true]);
    expect(await each(engine, ["abc"], (dialect, text) => dialect.endsWith(text, sql`'ab'`))).toEqual([false]);
  });

  it("reads and writes numbers", async () => {
    const doubles: [string, number | null][] = [["1.5e3", 1500], ["-0.1", -0.1], ["1e400", null], ["1d", null], ["0x10", null], ["nan", null], ["", null], ["+1", 1], [".5", 0.5]];
    expectEach(doubles, await each(engine, doubles.map(([input]) => input), (dialect, text) => dialect.finiteDouble(text)));
    const seconds: [string, string][] = [["0", "0"], ["60500000", "60.5"], ["2400000007", "2400.000007"], ["10000000", "10"], ["1", "0.000001"]];
    const big = (text: Sql) => sql`CAST(${text} AS BIGINT)`;
    expectEach(seconds, await each(engine, seconds.map(([input]) => input), (dialect, text) => dialect.secondsText(big(text))));
    expect(await each(engine, ["2400000007"], (dialect, text) => dialect.microsOfSeconds(dialect.seconds(big(text))))).toEqual([2_400_000_007]);
    expect(await each(engine, ["199"], (dialect, text) => dialect.integerQuotient(big(text), sql`100`))).toEqual([1]);
    expect(await each(engine, ["1e2", "true"], (dialect, text) => dialect.cast(dialect.cast(text, "double"), "integer"))).toEqual([100, null]);
    expect(await each(engine, ["true", "x"], (dialect, text) => dialect.cast(text, "boolean"))).toEqual([true, null]);
  });

  it("sums exactly", async () => {
    const whole = sql`(SELECT CAST(9223372036854775807 AS BIGINT) AS n UNION ALL SELECT 9223372036854775807 UNION ALL SELECT NULL) AS t`;
    const doubles = sql`(SELECT CAST('0.1' AS DOUBLE) AS n UNION ALL SELECT CAST('0.2' AS DOUBLE) UNION ALL SELECT CAST('1e15' AS DOUBLE)) AS t`;
    const { exactSum, decimalSum } = engine.dialect;
    expect(await engine.rows(sql`SELECT ${exactSum(sql`n`)} AS total FROM ${whole}`)).toEqual([{ total: "18446744073709551614" }]);
    expect(await engine.rows(sql`SELECT ${decimalSum(sql`n`)} AS total FROM ${doubles}`)).toEqual([{ total: "1000000000000000.300000000000" }]);
  });

  it("digests text, and objects by their members", async () => {
    expect(await each(engine, ["é"], (dialect, text) => dialect.digest(text))).toEqual(["4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"]);
    const [first, same, other] = await each(engine, ['{"a":1,"b":[1, 2]}', ' {"b" : [1,2] , "a":1 }', '{"a":1,"b":"[1, 2]"}'], (dialect, text) => dialect.jsonDigest(text));
    expect([same === first, other === first]).toEqual([true, false]);
  });

  it("makes rows of lists", async () => {
    const list = engine.dialect.listOfPresent([sql`'a'`, sql`NULL`, sql`'b'`]);
    expect(await engine.rows(sql`SELECT item FROM (SELECT ${engine.dialect.unnest(list)} AS item) AS t ORDER BY 1`)).toEqual([{ item: "a" }, { item: "b" }]);
  });

  it("reads lines of files with awkward names, and what is JSON of them", async () => {
    const files = ["a b.jsonl", "c[1]{x,y}%20é+.jsonl", "d.jsonl"].map((name) => joinPath(folder, name));
    const [one = "", two = "", three = ""] = files;
    await writeFile(one, '{"a" : 1.10}\n\n \t \n{bad "quote\n{"b":2}');
    await writeFile(two, '{"c":\r3}\n{"d":1} x\n');
    await writeFile(three, Buffer.from([0x22, 0xff, 0x22, 0x0a, 0x7b, 0x7d, 0x0a]));
    const read = async (paths: readonly string[], json: boolean) => {
      const sources = paths.map((path, index) => ({ path, file: `it's ${files.indexOf(path)}`, part: index === 0 ? null : "p" }));
      const rows = await engine.rows(sql`SELECT line, file, part FROM ${engine.lines(sources, { maxLineBytes: 100, json })}`);
      return rows.map(({ line, file, part }) => JSON.stringify([line, file, part])).sort();
    };
    expect((await read(files, true)).filter((row) => !row.startsWith("[null"))).toEqual(
      [['{"a" : 1.10}', "it's 0", null], ['{"b":2}', "it's 0", null], ['{"c":\r3}', "it's 1", "p"], ["{}", "it's 2", "p"]].map((row) => JSON.stringify(row)).sort(),
    );
    expect(await read([one], false)).toEqual(
      ['{"a" : 1.10}', '{bad "quote', '{"b":2}'].map((line) => JSON.stringify([line, "it's 0", null])).sort(),
    );
  });

  it("keeps what it has computed, and tells its rows apart", async () => {
    await engine.materialize("kept", sql`SELECT 1 AS n UNION ALL SELECT 1 UNION ALL SELECT 2`);
    await engine.materialize("kept", sql`SELECT n + 1 AS n FROM ${engine.table("kept")}`);
    expect(await engine.rows(sql`SELECT sum(n) AS n, count(DISTINCT row_id) AS ids FROM ${engine.table("kept")}`)).toEqual([{ n: 7, ids: 3 }]);
    await engine.forget("kept");
    await expect(engine.rows(sql`SELECT * FROM ${engine.table("kept")}`)).rejects.toMatchObject({ code: "STATEMENT_FAILED" });
  });

  it("writes partitions in order, as lines and as Parquet, and reads them by the names of their columns", async () => {
    const rows = sql`(VALUES ('x', 3, ${'é"\\'}), ('x', 1, 'b'), (${"it's/"}, 1, 'c'), ('w', 1, 'd'), ('x', 2, 'é')) AS v(part, n, line)`;
    await engine.materialize("rows_written", sql`SELECT * FROM ${rows}`);
    const files = (format: string) => new Map([["x", joinPath(folder, `x.${format}`)], ["it's/", joinPath(folder, `y.${format}`)]]);
    const write = { rows: engine.table("rows_written"), partitionBy: "part", orderBy: ["n"] };
    const lines = await engine.writePartitions({ ...write, format: "lines", columns: ["line"], files: files("jsonl") });
    expect([...lines]).toEqual([["x", 3], ["it's/", 1]]);
    expect(await readFile(joinPath(folder, "x.jsonl"), "utf8")).toBe('b\né\né"\\\n');
    await engine.writePartitions({ ...write, format: "parquet", columns: ["n", "line"], files: files("parquet") });
    await engine.writePartitions({ ...write, format: "parquet", columns: ["line"], files: new Map([["w", joinPath(folder, "w.parquet")]]) });
    const sources = ["x", "y", "w"].map((name) => ({ path: joinPath(folder, `${name}.parquet`), partition: `p${name}` }));
    expect(await engine.rows(sql`SELECT "partition", n, line FROM ${engine.parquet(sources)} ORDER BY "partition", n`)).toEqual([
      { partition: "pw", n: null, line: "d" },
      { partition: "px", n: 1, line: "b" },
      { partition: "px", n: 2, line: "é" },
      { partition: "px", n: 3, line: 'é"\\' },
      { partition: "py", n: 1, line: "c" },
    ]);
  });

  it("says which statement failed", async () => {
    await expect(engine.rows(sql`SELECT nothing`)).rejects.toMatchObject({ code: "STATEMENT_FAILED", statement: "SELECT nothing" });
  });

  it("stops a statement when it is interrupted, and goes on with the next", async () => {
    const numbers = candidate.name === "spark" ? sql`range(100000000000) AS t` : sql`range(100000000000) AS t(id)`;
    const running = engine.rows(sql`SELECT count(*) AS n FROM ${numbers} WHERE sqrt(id) = -1`);
    const poke = setInterval(() => engine.interrupt(), 100);
    await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
    clearInterval(poke);
    expect(await engine.rows(sql`SELECT 1 AS one`)).toEqual([{ one: 1 }]);
  });
});
