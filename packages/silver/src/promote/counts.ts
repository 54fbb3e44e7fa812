import { type Engine, identifier, type Row, type Sql, sql } from "@medallion/engine";
import type { PartitionCounts } from "@medallion/lake";
import { TABLES } from "../sql/merge.ts";
import { STAGED } from "../sql/stage.ts";

/** What became of the records of one partition in one run. */
export interface PartitionTally extends Omit<PartitionCounts, "dataset" | "rows" | "rebuilt"> {
  /** How many records broke each rule for which they were set aside; a record counts under every rule that it broke. */
  readonly broken: Readonly<Record<string, number>>;
}

const day = sql`${identifier(STAGED.day)} AS day`;
const rule = identifier(STAGED.rule);

/**
 * Counts the staged records by partition, and the rows that they replace in partitions of their own. Each
 * number is counted by itself: that they balance is checked later.
 */
export async function countPartitions(engine: Engine): Promise<PartitionTally[]> {
  const staged = engine.table(TABLES.staged);
  const losers = engine.table(TABLES.losers);
  const fetch = (query: Sql) => engine.rows(query);
  const totals = await fetch(
    sql`SELECT ${day}, count(*) AS n, count(${rule}) AS quarantined FROM ${staged} GROUP BY 1 ORDER BY 1`,
  );
  const lost = await fetch(sql`SELECT ${day}, origin, count(*) AS n FROM ${losers} GROUP BY 1, 2`);
  const accepted = await fetch(sql`SELECT ${day}, count(*) AS n FROM ${staged} AS s WHERE ${rule} IS NULL
    AND NOT EXISTS (SELECT 1 FROM ${losers} AS l WHERE l.origin = 'staged' AND l.loser_id = s.row_id) GROUP BY 1`);
  const sources = await fetch(
    sql`SELECT DISTINCT ${day}, ${identifier(STAGED.file)} AS name FROM ${staged} ORDER BY 1, 2`,
  );
  const rejects = await fetch(
    sql`SELECT ${day}, ${rule} AS name, count(*) AS n FROM ${staged} WHERE ${rule} IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const inList = (column: string) =>
    fetch(sql`SELECT day, name, count(*) AS n FROM (
      SELECT ${day}, ${engine.dialect.unnest(identifier(column))} AS name FROM ${staged}
      WHERE ${identifier(column)} IS NOT NULL) AS u GROUP BY 1, 2 ORDER BY 1, 2`);
  const warnings = await inList(STAGED.warnings);
  const broken = await inList(STAGED.rules);
  const touched = new Map(totals.map((row) => [textOf(row, "day"), row]));
  const days = new Set([...touched.keys(), ...lost.map((row) => textOf(row, "day"))]);
  return [...days].sort().map((key): PartitionTally => {
    const row = touched.get(key);
    const of = (rows: readonly Row[]) => rows.filter((other) => other.day === key);
    const lostFrom = (origin: string) =>
      numberOf(
        of(lost).find((other) => other.origin === origin),
        "n",
      );
    return {
      day: key,
      read: numberOf(row, "n"),
      accepted: numberOf(of(accepted)[0], "n"),
      duplicate: lostFrom("staged"),
      quarantined: numberOf(row, "quarantined"),
      superseded: lostFrom("existing"),
      sources: of(sources).map((other) => textOf(other, "name")),
      rejects: tallyOf(of(rejects)),
      warnings: tallyOf(of(warnings)),
      broken: tallyOf(of(broken)),
    };
  });
}

function tallyOf(rows: readonly Row[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [textOf(row, "name"), numberOf(row, "n")]));
}

function numberOf(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

function textOf(row: Row, column: string): string {
  return String(row[column]);
}
