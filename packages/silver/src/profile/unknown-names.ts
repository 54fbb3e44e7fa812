import { type Engine, identifier, join, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import { MOST_UNKNOWN_FIELDS } from "@medallion/schema/evolution";
import { TABLES } from "../sql/merge.ts";
import { STAGED } from "../sql/stage.ts";
import { IS_RECORD } from "./shape.ts";

/** Names that can be read by JSON pointer on every engine, and shown. */
const PLAIN_NAME = "^[^\\x00-\\x1f\\x7f]{1,100}$";

/** By day, the names that the contract does not know, and whether there are more of them than are kept. */
export type UnknownNames = ReadonlyMap<Day, { readonly names: readonly string[]; readonly more: boolean }>;

/** The first names of each day, in the order of their bytes, among the rescued members of the staged table. */
export async function unknownNames(engine: Engine, known: readonly string[]): Promise<UnknownNames> {
  const { dialect } = engine;
  const rescued = identifier("_rescued_data");
  const keys = sql`SELECT ${identifier(STAGED.day)} AS day, ${dialect.unnest(dialect.jsonKeys(rescued))} AS name
    FROM ${engine.table(TABLES.staged)} AS s
    WHERE ${IS_RECORD} AND ${rescued} IS NOT NULL`;
  const distinct = sql`SELECT DISTINCT day, name FROM (${keys}) AS k WHERE name NOT IN (${join(known.map((name) => sql`${name}`))})`;
  const rows = await engine.rows(
    sql`SELECT day, name, plain FROM (
        SELECT day, name, plain, row_number() OVER (PARTITION BY day, plain ORDER BY name) AS place
        FROM (SELECT day, name, ${dialect.matches(identifier("name"), PLAIN_NAME)} AS plain FROM (${distinct}) AS d) AS m
      ) AS r WHERE place <= ${MOST_UNKNOWN_FIELDS + 1} AND (plain OR place = 1) ORDER BY day, name`,
  );
  const found = new Map<Day, { names: string[]; more: boolean }>();
  for (const row of rows) {
    const ofDay = found.get(String(row.day)) ?? { names: [], more: false };
    found.set(String(row.day), ofDay);
    if (row.plain === true && ofDay.names.length < MOST_UNKNOWN_FIELDS) ofDay.names.push(String(row.name));
    else ofDay.more = true;
  }
  return found;
}
