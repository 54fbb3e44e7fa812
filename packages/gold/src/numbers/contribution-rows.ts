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
  const by = join([...keys, "master"].map((name) => identifier(name)));
  const tallies = await engine.rows(sql`SELECT ${by}, ${tallyColumns(engine)} FROM ${relation} AS r GROUP BY ${by}`);
  for (const row of tallies) sumOf(row).addMaster(String(row.master), tallyOf(row));
  await addShares(engine, relation, keys, columns, sumOf);
  await addBuckets(engine, relation, keys, sumOf);
  return sums;
}

/** Adds how many rows have which values in columns to the sums of their keys. */
export async function addShares(
  engine: Engine,
  relation: Sql,
  keys: readonly string[],
  columns: readonly ShareColumn[],
  sumOf: (row: Row) => ContributionSum,
): Promise<void> {
  for (const column of columns) {
    const by = join([...keys, column].map((name) => identifier(name)));
    const shares = sql`SELECT ${by}, count(*) AS n FROM ${relation} AS r GROUP BY ${by}`;
    for (const row of await engine.rows(shares)) sumOf(row).addShare(column, String(row[column]), Number(row.n));
  }
}

/** Adds the durations of rows to the sums of their keys. */
export async function addBuckets(
  engine: Engine,
  relation: Sql,
  keys: readonly string[],
  sumOf: (row: Row) => ContributionSum,
): Promise<void> {
  const by = keys.map((name) => identifier(name));
  const buckets = sql`SELECT ${join([...by, sql`bucket`])}, count(*) AS n FROM (
    SELECT ${join([...by, sql`${bucketColumn(sql`micros`)} AS bucket`])} FROM ${relation} AS r WHERE micros IS NOT NULL
  ) AS b GROUP BY ${join([...by, sql`bucket`])}`;
  for (const row of await engine.rows(buckets)) sumOf(row).addBucket(Number(row.bucket), Number(row.n));
}
