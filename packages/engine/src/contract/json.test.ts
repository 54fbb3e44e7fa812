import { describe, expect, it } from "vitest";
import type { Dialect, JsonKind, JsonPath } from "../dialect.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";
import { testEngines } from "../testing.ts";
import { expectEach, SLOWLY, Suite } from "./testing/each.ts";

describe.each(testEngines)("reads and writes JSON: $name", SLOWLY, (candidate) => {
  const suite = new Suite(candidate);

  it("reads values of documents", async () => {
    const document = `{ "s":"a\\u00e9\\n\\"", "n": 1.50,"o" : {"x":[1, 2.0,"\\u0041"], "y":{"z":null,"w":true}}, "a/~":[] ,"":-0, "big":1e400}`;
    const paths: JsonPath[] = [
      [],
      ["s"],
      ["n"],
      ["o"],
      ["o", "x"],
      ["o", "y", "z"],
      ["o", "y", "w"],
      ["a/~"],
      [""],
      ["big"],
      ["none"],
      ["s", "x"],
    ];
    const kinds: JsonKind[] = ["string", "number", "boolean", "object", "array"];
    const { dialect } = suite.engine;
    const fields = identifier("fields");
    const columns = paths.flatMap((_, index) => [
      sql`${dialect.jsonHas(fields, index)} AS ${identifier(`has ${index}`)}`,
      sql`${dialect.jsonPresent(fields, index)} AS ${identifier(`present ${index}`)}`,
      sql`${dialect.jsonText(fields, index)} AS ${identifier(`text ${index}`)}`,
      ...kinds.map(
        (kind) => sql`coalesce(${dialect.jsonIs(fields, index, kind)}, false) AS ${identifier(`${kind} ${index}`)}`,
      ),
    ]);
    await suite.engine.materialize("documents", sql`SELECT ${document} AS document`);
    const [row] = await suite.engine.rows(
      sql`SELECT ${join(columns)} FROM (SELECT ${dialect.jsonFields(identifier("document"), paths, new Set(paths.keys()))} AS fields FROM ${suite.engine.table("documents")}) AS f`,
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
    const found = await suite.each(
      answers.map(([input]) => input),
      (dialect, text) => dialect.jsonStrings(dialect.jsonMembers(text)),
    );
    expectEach(
      answers,
      found.map((text) => JSON.parse(String(text))),
    );
  });

  it("takes a value of many members and a long string apart", async () => {
    const members = Array.from({ length: 20_000 }, (_, index) => `"k${index}":{"v":[${index}]}`);
    const [found] = await suite.each([`{"long":"${'x\\"'.repeat(200_000)}",${members.join(",")}}`], (dialect, text) =>
      dialect.jsonKeyCount(text, []),
    );
    expect(found).toBe(20_001);
  });

  it("knows keys, counts and lengths", async () => {
    const documents = [
      '{"a":1,"a":2,"b":[1,[2,3],"x"]}',
      '{"a\\u0062":1,"ab":{"c":1,"c":2}}',
      '{"😀":{},"b":[]}',
      "[1,2]",
      '"x"',
    ];
    const of = (expression: (dialect: Dialect, text: Sql) => Sql) => suite.each(documents, expression);
    expect(await of((dialect, text) => dialect.jsonStrings(dialect.jsonKeys(text)))).toEqual([
      '["a","a","b"]',
      '["ab","ab"]',
      '["😀","b"]',
      "[]",
      "[]",
    ]);
    expect(await of((dialect, text) => dialect.jsonKeyCount(text, []))).toEqual([3, 2, 2, 0, 0]);
    expect(await of((dialect, text) => dialect.jsonKeyCount(text, ["😀"]))).toEqual([null, null, 0, null, null]);
    expect(await of((dialect, text) => dialect.jsonHasRepeatedKey(text, []))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(await of((dialect, text) => dialect.jsonHasRepeatedKey(text, ["ab"]))).toEqual([
      null,
      false,
      null,
      null,
      null,
    ]);
    expect(await of((dialect, text) => dialect.jsonArrayLength(text, ["b"]))).toEqual([3, null, 0, null, null]);
  });

  it("keeps the members that are named, or the others", async () => {
    const document = '{"a":1, "b\\u0062" : [2],"c":"x"}';
    const of = (wanted: boolean) =>
      suite.each([document], (dialect, text) =>
        dialect.jsonMembersNamed(
          dialect.jsonMembers(text),
          dialect.jsonKeys(text),
          dialect.listOfPresent([sql`'bb'`, sql`NULL`, sql`'c'`]),
          wanted,
        ),
      );
    expect([await of(true), await of(false)]).toEqual([['"b\\u0062" : [2],"c":"x"'], ['"a":1']]);
  });

  it("knows what is JSON", async () => {
    const right = ["{}", " [1 , -0.5e+3]\n", '"a\\ud83d\\ude80"', "null", '{"a":1,"a":2}', '{"a":{"b":[]}}'];
    const wrong = [
      "",
      "{",
      "01",
      "{} {}",
      "nul",
      "{'a':1}",
      "[}",
      '{"a" 1}',
      "tru",
      "[1 2]",
      '{"a":1} x',
      "{},{}",
      "{},1",
      '{},"b":1',
      "{},'b':1",
      "{}] x",
      "{}} x",
      "{}]}",
      "{}]",
      '"\t"',
      "+1",
      "1.",
    ];
    const found = await suite.each([...right, ...wrong], (dialect, text) => dialect.jsonValid(text));
    expectEach([...right.map((text) => [text, true] as const), ...wrong.map((text) => [text, false] as const)], found);
  });

  it("writes text and lists as JSON", async () => {
    const texts = ["", 'a"\\/b', "\0\u0001\b\t\n\v\f\r\u001f\u007f\u2028é🚀"];
    expect(await suite.each(texts, (dialect, text) => dialect.jsonString(text))).toEqual(
      texts.map((text) => JSON.stringify(text).replace("\\u000b", "\\u000B").replace("\\u001f", "\\u001F")),
    );
    expect(
      await suite.each(["x"], (dialect, text) =>
        dialect.jsonStrings(dialect.listOfPresent([text, sql`NULL`, sql`'"'`])),
      ),
    ).toEqual(['["x","\\""]']);
    expect(await suite.each(["x"], (dialect) => dialect.jsonStrings(dialect.listOfPresent([])))).toEqual(["[]"]);
    expect(await suite.each(["x"], (dialect) => dialect.jsonString(sql`CAST(NULL AS STRING)`))).toEqual([null]);
  });

  it("writes doubles as JSON numbers", async () => {
    const answers: [string, string][] = [
      ["-0", "0"],
      ["999999999999999", "999999999999999"],
      ["1e15", "1000000000000000.0"],
      ["1.50", "1.5"],
      ["0.0001", "0.0001"],
      ["12345678.9012345e-2", "123456.789012345"],
    ];
    const inputs = answers.map(([input]) => input);
    expectEach(answers, await suite.each(inputs, (dialect, text) => dialect.jsonNumber(sql`CAST(${text} AS DOUBLE)`)));
    const exotic = await suite.each(["1e-7", "3.3e22", "5e-324"], (dialect, text) =>
      dialect.jsonNumber(sql`CAST(${text} AS DOUBLE)`),
    );
    expect(exotic.map((text) => JSON.parse(String(text)))).toEqual([1e-7, 3.3e22, 5e-324]);
  });

  it("leaves members out where it can do so without a change of the others", async () => {
    const found = await suite.each(['{"a":1,"b":2,"c":3}', '{"a":1, "b":2}'], (dialect, text) =>
      dialect.jsonWithout(text, ["a", "c"]),
    );
    expect([null, '{"b":2}']).toContain(found[0]);
    expect(found[1]).toBeNull();
    const keys = await suite.each(['{"a":1,"\\u0061":2,"b":3}', "{}"], (dialect, text) =>
      dialect.jsonDistinctKeyCount(text),
    );
    expect(keys).toEqual([2, 0]);
  });

  it("digests text, and objects by their members", async () => {
    expect(await suite.each(["é"], (dialect, text) => dialect.digest(text))).toEqual([
      "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c",
    ]);
    const [first, same, other] = await suite.each(
      ['{"a":1,"b":[1, 2]}', ' {"b" : [1,2] , "a":1 }', '{"a":1,"b":"[1, 2]"}'],
      (dialect, text) => dialect.jsonDigest(text),
    );
    expect([same === first, other === first]).toEqual([true, false]);
  });
});
