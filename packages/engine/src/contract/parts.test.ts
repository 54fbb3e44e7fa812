import { readdir, readFile } from "node:fs/promises";
import { join as joinPath } from "node:path";
import { describe, expect, it } from "vitest";
import { sql } from "../sql/sql.ts";
import { testEngines } from "../testing.ts";
import { SLOWLY, Suite } from "./testing/each.ts";

const ROWS = 300;
const PART_BYTES = 400;

describe.each(testEngines)("writes partitions in parts: $name", SLOWLY, (candidate) => {
  const suite = new Suite(candidate, { partBytes: PART_BYTES });

  /** Rows of 20 bytes on two days, and few on a third: many have the same time, some the same time and key. */
  async function write(format: "lines" | "parquet") {
    const numbers = candidate.name === "spark" ? sql`range(0, ${ROWS}, 1, 7) AS r` : sql`range(${ROWS}) AS r(id)`;
    await suite.engine.materialize(
      "parts_rows",
      sql`SELECT CASE WHEN id < 10 THEN 'few' WHEN id % 3 = 0 THEN 'a' ELSE 'b' END AS part,
          CASE WHEN id % 7 = 0 THEN NULL ELSE id * 7919 % 5 END AS n, CAST(id * 104729 % 60 AS STRING) AS name,
          substr(concat('0000000000000000000', CAST(id AS STRING)), -19) AS line FROM ${numbers}`,
    );
    const named: string[] = [];
    const counts = await suite.engine.writePartitions({
      rows: suite.engine.table("parts_rows"),
      partitionBy: "part",
      orderBy: ["n", "name"],
      format,
      columns: format === "lines" ? ["line"] : ["n", "name", "line"],
      partitions: ["a", "few", "b"],
      file(partition, part) {
        named.push(`${partition} ${part}`);
        return fileOf(partition, part, format);
      },
    });
    return { counts, named };
  }

  const fileOf = (partition: string, part: number, format: string) =>
    joinPath(suite.folder, `${partition}-${part}.${format}`);

  it("each in its order, with the rows of each, and none lost", async () => {
    const { counts, named } = await write("lines");
    expect(named).toEqual(
      [...counts].flatMap(([partition, parts]) => parts.map((_, index) => `${partition} ${index + 1}`)),
    );
    expect(counts.get("few")).toEqual([10]);
    const order = await suite.engine.rows(
      sql`SELECT line, part, coalesce(n, -1) AS n, name FROM ${suite.engine.table("parts_rows")} AS r`,
    );
    const places = new Map(order.map((row) => [String(row.line), row]));
    const found: string[] = [];
    for (const [partition, parts] of counts) {
      let last: readonly [number, string] = [-2, ""];
      for (const [index, rows] of parts.entries()) {
        const lines = (await readFile(fileOf(partition, index + 1, "lines"), "utf8")).trimEnd().split("\n");
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          const row = places.get(line);
          expect(row?.part).toBe(partition);
          const next = [Number(row?.n), String(row?.name)] as const;
          expect(next[0] > last[0] || (next[0] === last[0] && next[1] >= last[1])).toBe(true);
          last = next;
          found.push(line);
        }
      }
    }
    expect(found.sort()).toEqual([...places.keys()].sort());
    // Parts are as many as their bytes ask for; a sample of the order tells where one ends.
    expect(counts.get("b")?.length).toBeGreaterThan(4);
    expect(Math.max(...(counts.get("b") ?? []))).toBeLessThan(60);
  });

  it("as Parquet, which reads as one relation", async () => {
    const { counts } = await write("parquet");
    expect(counts.get("a")?.length).toBeGreaterThan(3);
    const sources = [...counts].flatMap(([partition, parts]) =>
      parts.map((_, index) => ({ path: fileOf(partition, index + 1, "parquet"), partition })),
    );
    const read = sql`SELECT r.part, count(*) AS n FROM ${suite.engine.parquet(sources)} AS p
      JOIN ${suite.engine.table("parts_rows")} AS r ON r.line = p.line AND r.part = p."partition" GROUP BY r.part ORDER BY r.part`;
    const sums = [...counts].map(([part, parts]) => ({ part, n: parts.reduce((sum, rows) => sum + rows, 0) }));
    expect(await suite.engine.rows(read)).toEqual(sums.sort((one, other) => (one.part < other.part ? -1 : 1)));
    expect(sums.reduce((sum, { n }) => sum + n, 0)).toBe(ROWS);
  });

  it("and leaves nothing else behind", async () => {
    await write("lines");
    const staging = (await readdir(suite.folder)).filter((name) => name.startsWith("staging-"));
    for (const folder of staging) expect(await readdir(joinPath(suite.folder, folder))).toHaveLength(1);
  });
});
