import { readFile, writeFile } from "node:fs/promises";
import { join as joinPath } from "node:path";
import { describe, expect, it } from "vitest";
import { identifier, join, sql } from "../sql/sql.ts";
import { testEngines } from "../testing.ts";
import { SLOWLY, Suite } from "./testing/each.ts";

describe.each(testEngines)("runs statements: $name", SLOWLY, (candidate) => {
  const suite = new Suite(candidate);

  it("brings any value back as it went in", async () => {
    const texts = [
      "",
      "'; drop table x; --",
      "\\",
      "\\u0041",
      "\u0024{x}",
      "a\0b",
      "\n",
      '"',
      "`",
      ":a ? %s",
      "🚀",
      "\u2028",
    ];
    const numbers = [0, -1, 2 ** 31, -(2 ** 53) + 1, 0.1, 1e-300, -1.5, 9_223_372_036_854_775_807n];
    const values = [...texts, ...numbers, true, false, null];
    const columns = values.map((value, index) => sql`${value} AS ${identifier(`c${index}`)}`);
    const [row] = await suite.engine.rows(sql`SELECT ${join(columns)}`);
    expect(Object.values(row ?? {})).toEqual(values);
  });

  it("takes any name for a column", async () => {
    const names = ["a", "`", '"', "a`b``c", "a.b", "a b", "é", "🚀", "select", "$x", "a'b", "\\"];
    const columns = names.map((name, index) => sql`${index} AS ${identifier(name)}`);
    const [row] = await suite.engine.rows(sql`SELECT * FROM (SELECT ${join(columns)}) AS t`);
    expect(Object.keys(row ?? {})).toEqual(names);
  });

  it("makes rows of lists", async () => {
    const list = suite.engine.dialect.listOfPresent([sql`'a'`, sql`NULL`, sql`'b'`]);
    expect(
      await suite.engine.rows(
        sql`SELECT item FROM (SELECT ${suite.engine.dialect.unnest(list)} AS item) AS t ORDER BY 1`,
      ),
    ).toEqual([{ item: "a" }, { item: "b" }]);
  });

  it("reads lines of files with awkward names, and what is JSON of them", async () => {
    const files = ["a b.jsonl", "c[1]{x,y}%20é+.jsonl", "d.jsonl"].map((name) => joinPath(suite.folder, name));
    const [one = "", two = "", three = ""] = files;
    await writeFile(one, '{"a" : 1.10}\n\n \t \n{bad "quote\n{"b":2}');
    await writeFile(two, '{"c":\r3}\n{"d":1} x\n');
    await writeFile(three, Buffer.from([0x22, 0xff, 0x22, 0x0a, 0x7b, 0x7d, 0x0a]));
    const read = async (paths: readonly string[], json: boolean) => {
      const sources = paths.map((path, index) => ({
        path,
        file: `it's ${files.indexOf(path)}`,
        part: index === 0 ? null : "p",
      }));
      const rows = await suite.engine.rows(
        sql`SELECT line, file, part FROM ${await suite.engine.lines(sources, { maxLineBytes: 100, json })}`,
      );
      return rows.map(({ line, file, part }) => JSON.stringify([line, file, part])).sort();
    };
    expect((await read(files, true)).filter((row) => !row.startsWith("[null"))).toEqual(
      [
        ['{"a" : 1.10}', "it's 0", null],
        ['{"b":2}', "it's 0", null],
        ['{"c":\r3}', "it's 1", "p"],
        ["{}", "it's 2", "p"],
      ]
        .map((row) => JSON.stringify(row))
        .sort(),
    );
    expect(await read([one], false)).toEqual(
      ['{"a" : 1.10}', '{bad "quote', '{"b":2}'].map((line) => JSON.stringify([line, "it's 0", null])).sort(),
    );
  });

  it("keeps what it has computed, and tells its rows apart", async () => {
    await suite.engine.materialize("kept", sql`SELECT 1 AS n UNION ALL SELECT 1 UNION ALL SELECT 2`);
    await suite.engine.materialize("kept", sql`SELECT n + 1 AS n FROM ${suite.engine.table("kept")}`);
    expect(
      await suite.engine.rows(
        sql`SELECT sum(n) AS n, count(DISTINCT row_id) AS ids FROM ${suite.engine.table("kept")}`,
      ),
    ).toEqual([{ n: 7, ids: 3 }]);
    await suite.engine.forget("kept");
    await expect(suite.engine.rows(sql`SELECT * FROM ${suite.engine.table("kept")}`)).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
    });
  });

  it("writes partitions in order, as lines and as Parquet, and reads them by the names of their columns", async () => {
    const rows = sql`(VALUES ('x', 3, ${'é"\\'}), ('x', 1, 'b'), (${"it's/"}, 1, 'c'), ('w', 1, 'd'), ('x', 2, 'é')) AS v(part, n, line)`;
    await suite.engine.materialize("rows_written", sql`SELECT * FROM ${rows}`);
    const files = (format: string) => ({
      partitions: ["x", "it's/"],
      file: (partition: string) => joinPath(suite.folder, `${partition === "x" ? "x" : "y"}.${format}`),
    });
    const write = { rows: suite.engine.table("rows_written"), partitionBy: "part", orderBy: ["n"] };
    const lines = await suite.engine.writePartitions({
      ...write,
      format: "lines",
      columns: ["line"],
      ...files("jsonl"),
    });
    expect(lines).toEqual(
      new Map([
        ["x", [3]],
        ["it's/", [1]],
      ]),
    );
    expect(await readFile(joinPath(suite.folder, "x.jsonl"), "utf8")).toBe('b\né\né"\\\n');
    await suite.engine.writePartitions({
      ...write,
      format: "parquet",
      columns: ["n", "line"],
      ...files("parquet"),
    });
    await suite.engine.writePartitions({
      ...write,
      format: "parquet",
      columns: ["line"],
      partitions: ["w"],
      file: () => joinPath(suite.folder, "w.parquet"),
    });
    const sources = ["x", "y", "w"].map((name) => ({
      path: joinPath(suite.folder, `${name}.parquet`),
      partition: `p${name}`,
    }));
    expect(
      await suite.engine.rows(
        sql`SELECT "partition", n, line FROM ${suite.engine.parquet(sources)} ORDER BY "partition", n`,
      ),
    ).toEqual([
      { partition: "pw", n: null, line: "d" },
      { partition: "px", n: 1, line: "b" },
      { partition: "px", n: 2, line: "é" },
      { partition: "px", n: 3, line: 'é"\\' },
      { partition: "py", n: 1, line: "c" },
    ]);
    // A partition may or may not be a part of its file's path, at the same place or at another one.
    for (const names of [
      ["x", "y", "w"],
      ["x", "parquet", "w"],
      ["", "y", ""],
      ["x.", ".p", "w."],
    ]) {
      const named = sources.map(({ path }, index) => ({ path, partition: names[index] ?? "" }));
      const query = sql`SELECT line, "partition" FROM ${suite.engine.parquet(named)} ORDER BY line`;
      const found = (await suite.engine.rows(query)).map(({ partition }) => partition);
      expect(found).toEqual([names[0], names[1], names[2], names[0], names[0]]);
    }
  });

  it("says which statement failed", async () => {
    await expect(suite.engine.rows(sql`SELECT nothing`)).rejects.toMatchObject({
      code: "STATEMENT_FAILED",
      statement: "SELECT nothing",
    });
  });

  it("stops a statement when it is interrupted, and goes on with the next", async () => {
    const numbers = candidate.name === "spark" ? sql`range(5000000000) AS t` : sql`range(5000000000) AS t(id)`;
    const running = suite.engine.rows(sql`SELECT count(*) AS n FROM ${numbers} WHERE sqrt(id) = -1`);
    const poke = setInterval(() => suite.engine.interrupt(), 100);
    await expect(running).rejects.toMatchObject({ code: "INTERRUPTED" });
    clearInterval(poke);
    // A job that was left behind would keep this one waiting.
    const few = candidate.name === "spark" ? sql`range(0, 100, 1, 8) AS t` : sql`range(100) AS t(id)`;
    expect(await suite.engine.rows(sql`SELECT count(*) AS n FROM ${few}`)).toEqual([{ n: 100 }]);
  });
});
