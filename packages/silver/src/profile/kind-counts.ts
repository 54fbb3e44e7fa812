import { type Engine, identifier, join, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import type { JsonKind } from "@medallion/schema/evolution";
import { digitAt, SHAPE_DIGITS, shapePlace } from "./shape.ts";

/** How many records have a value of each type, by day and name. */
export type KindCounts = ReadonlyMap<Day, ReadonlyMap<string, ReadonlyMap<JsonKind, number>>>;

/** Counts the types of members from a table of shapes: the columns `day`, `n` and those of the names' shape. */
export async function kindCounts(engine: Engine, table: string, names: readonly string[]): Promise<KindCounts> {
  const places = names.map((_, index) => ({ index, ...shapePlace(index) }));
  const list = join(
    places.map(({ index, weight }) => sql`SELECT ${index} AS place, CAST(${weight} AS BIGINT) AS weight`),
    sql` UNION ALL `,
  );
  const branches = [...new Set(places.map(({ column }) => column))].map((column) => {
    const own = places.filter((item) => item.column === column).map(({ index }) => sql`${index}`);
    return sql`WHEN place IN (${join(own)}) THEN ${identifier(column)}`;
  });
  const digit = digitAt(engine.dialect, identifier("shape"), identifier("weight"));
  const rows = await engine.rows(
    sql`SELECT day, place, digit, sum(n) AS n FROM (SELECT day, place, n, ${digit} AS digit FROM (
        SELECT day, place, weight, n, CASE ${join(branches, sql` `)} END AS shape
        FROM ${engine.table(table)} AS s CROSS JOIN (${list}) AS p) AS c) AS d
      WHERE digit > 0 GROUP BY day, place, digit`,
  );
  const counts = new Map<Day, Map<string, Map<JsonKind, number>>>();
  for (const row of rows) {
    const [name, kind] = [names[Number(row.place)], SHAPE_DIGITS[Number(row.digit)]];
    if (name === undefined || kind === undefined || kind === null) continue;
    const ofDay = counts.get(String(row.day)) ?? new Map<string, Map<JsonKind, number>>();
    const ofName = ofDay.get(name) ?? new Map<JsonKind, number>();
    counts.set(String(row.day), ofDay.set(name, ofName.set(kind, Number(row.n))));
  }
  return counts;
}
