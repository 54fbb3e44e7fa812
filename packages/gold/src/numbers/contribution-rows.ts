import { type Engine, identifier, join, type Row, type Sql, sql } from "@medallion/engine";
import { ContributionSum, SHARE_COLUMNS, type ShareColumn } from "./contribution.ts";
import { bucketColumn } from "./sketch.ts";
import { tallyColumns, tallyOf } from "./tally.ts";

/**
 * Computes the contributions of the rows of a relation by some of its columns, which hold text. The relation has the
 * columns of a tally, `master` and those of `SHARE_COLUMNS`.
 * @param columns of which the values are counted; default: all of `SHARE_COLUMNS`
 * @returns by the values of `keys`, joined with a slash
 */
export async function contributionsOf(
  engine: Engine,
  relation: Sql,
  keys: readonly string[],
  columns: readonly ShareColumn[] = SHARE_COLUMNS,
): Promise<Map<string, ContributionSum>> {
  const sums = new Map<string, ContributionSum>();
  const sumOf = (row: Row) => {
    const place = keys.map((name) => String(row[name])).join("/");
    const sum = sums.get(place) ?? new ContributionSum();
    sums.set(place, sum);
    return sum;
  };
  const by = (column: string) => join([...keys, column].map((name) => identifier(name)));
  const tallies = sql`SELECT ${by("master")}, ${tallyColumns(engine)} FROM ${relation} AS r GROUP BY ${by("master")}`;
  for (const row of await engine.rows(tallies)) sumOf(row).addMaster(String(row.master), tallyOf(row));
  for (const column of columns) {
    const shares = sql`SELECT ${by(column)}, count(*) AS n FROM ${relation} AS r GROUP BY ${by(column)}`;
    for (const row of await engine.rows(shares)) sumOf(row).addShare(column, String(row[column]), Number(row.n));
  }
  const kept = join([...keys.map((name) => identifier(name)), sql`${bucketColumn(sql`micros`)} AS bucket`]);
  const buckets = sql`SELECT ${by("bucket")}, count(*) AS n FROM (
    SELECT ${kept} FROM ${relation} AS r WHERE micros IS NOT NULL) AS b GROUP BY ${by("bucket")}`;
  for (const row of await engine.rows(buckets)) sumOf(row).addBucket(Number(row.bucket), Number(row.n));
  return sums;
}
