import { type Dialect, type Engine, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";
import { columnType } from "@medallion/schema/contract";
import { columnOf, identityColumns, identityFields, isComparable, isSame, matches } from "./identity.ts";
import { instantOfText } from "./predicate.ts";
import { DocumentReader } from "./reader.ts";
import { STAGED } from "./stage.ts";

/** The tables that a promotion keeps in the engine while it runs. */
export const TABLES = {
  staged: "medallion_staged",
  existing: "medallion_existing",
  repeated: "medallion_repeated_rows",
  losers: "medallion_losers",
} as const;

const day = identifier(STAGED.day);
const ruleColumn = identifier(STAGED.rule);
const line = identifier(STAGED.line);

/** `,"processed_at":"…"}`, with which every silver line ends. */
function lineEnd(processedAt: string): string {
  return `,"processed_at":"${processedAt}"}`;
}

const LINE_END_LENGTH = lineEnd("2025-11-27T10:00:00.000000Z").length;

/** The order of rows in a silver file: by time, then by ingestion, then by key. */
export function rowOrder(dataset: Dataset): string[] {
  return [dataset.time, "ingested_at", ...identityFields(dataset).filter((name) => name !== dataset.time)];
}

/** The keys of rows written before: the staged columns by which they are told apart and put in order. */
export function existingQuery(dataset: Dataset, rows: Sql): Sql {
  const columns = [...new Set([...identityFields(dataset), "ingested_at"])].map(identifier);
  return sql`SELECT ${identifier("partition")} AS ${day}, ${join(columns)} FROM ${rows}`;
}

/** The lines of silver written before, whose partition is the `file` of the lines, with the columns of {@link existingQuery}. */
function existingLines(dialect: Dialect, dataset: Dataset, lines: Sql): Sql {
  const reader = new DocumentReader(dialect, identifier("fields"), "field");
  const columns = [...new Set([...identityFields(dataset), "ingested_at"])].map((name) => {
    return sql`${existingValue(dialect, dataset, name, reader.value([name]).text)} AS ${identifier(name)}`;
  });
  return sql`(SELECT file AS ${day}, line, ${join(columns)}
    FROM (SELECT *, ${join(reader.columns())} FROM (SELECT *, ${reader.readTexts(identifier("line"))} AS fields FROM ${lines})))`;
}

/** A field of a silver line as its column holds it. */
function existingValue(dialect: Dialect, dataset: Dataset, name: string, text: Sql): Sql {
  const check = dataset.fields.find((field) => field.name === name)?.check;
  const type = name === "ingested_at" ? "instant" : check === undefined ? "text" : columnType(check);
  switch (type) {
    case "instant":
      return instantOfText(dialect, text);
    case "integer":
      return dialect.cast(dialect.cast(text, "double"), "integer");
    case "double":
    case "boolean":
      return dialect.cast(text, type);
    case "text":
    case "json":
      return text;
    default:
      return type satisfies never;
  }
}

/**
 * The rows, staged and existing, of which there are others that are the same: (origin, loser_id, day, ingested_at and
 * identity). They are few, so that only of them more is read.
 */
export function repeatedQuery(engine: Engine, dataset: Dataset, hasExisting: boolean): Sql {
  const identity = identityColumns(dataset);
  const names = identityNames(dataset);
  const values = join(identity.map(({ name, value }) => sql`${value(identifier)} AS ${identifier(name)}`));
  const columns = sql`row_id AS loser_id, ${day}, ingested_at, ${values}`;
  const comparable = isComparable(dataset, identifier);
  const staged = sql`SELECT 'staged' AS origin, ${columns} FROM ${engine.table(TABLES.staged)} WHERE ${ruleColumn} IS NULL AND ${comparable}`;
  const existing = sql`SELECT 'existing' AS origin, ${columns} FROM ${engine.table(TABLES.existing)} WHERE ${comparable}`;
  const candidates = hasExisting ? sql`(${staged} UNION ALL ${existing})` : sql`(${staged})`;
  const repeated = sql`(SELECT ${names} FROM ${candidates} AS d GROUP BY ${names} HAVING count(*) > 1)`;
  return sql`SELECT c.* FROM ${candidates} AS c JOIN ${repeated} AS r ON ${matches(dataset, columnOf("c"), columnOf("r"))}`;
}

/** How many times several repeated rows are ingested at the same time, so that only their text puts them in order. */
export function tiesQuery(engine: Engine, dataset: Dataset): Sql {
  const tied = sql`SELECT ingested_at FROM ${engine.table(TABLES.repeated)} AS c
    GROUP BY ${identityNames(dataset)}, ingested_at HAVING count(*) > 1`;
  return sql`SELECT count(*) AS n FROM (${tied}) AS t`;
}

/**
 * The rows that lose against another one that is the same: (origin, loser_id, day and identity). The row that was
 * ingested last wins; where that does not decide, the greater text does, so that the winner depends neither on the
 * order of reading nor on how the records were spread over runs.
 * @param existing the lines of earlier runs; null without any
 */
export function losersQuery(engine: Engine, dataset: Dataset, existing: Sql | null, hasTies: boolean): Sql {
  const names = identityNames(dataset);
  const repeated = engine.table(TABLES.repeated);
  const staged = sql`SELECT c.*, t.${line} AS text FROM ${repeated} AS c
    JOIN ${engine.table(TABLES.staged)} AS t ON c.loser_id = t.row_id WHERE c.origin = 'staged'`;
  const order = hasTies ? sql`ingested_at DESC, text DESC` : sql`ingested_at DESC`;
  return sql`SELECT origin, loser_id, ${day}, ${names} FROM (
      SELECT c.*, row_number() OVER (PARTITION BY ${names} ORDER BY ${order}) AS place
      FROM ${hasTies ? sql`(${existing === null ? staged : sql`${staged} UNION ALL ${existingTexts(engine, dataset, existing)}`})` : repeated} AS c
    ) AS w WHERE place > 1`;
}

/** The repeated rows of earlier runs with the text of their lines. */
function existingTexts(engine: Engine, dataset: Dataset, lines: Sql): Sql {
  const text = sql`substr(p.line, 1, length(p.line) - ${LINE_END_LENGTH})`;
  const [p, c] = [columnOf("p"), columnOf("c")];
  return sql`SELECT c.*, ${text} AS text FROM ${engine.table(TABLES.repeated)} AS c
    JOIN ${existingLines(engine.dialect, dataset, lines)} AS p ON c.${day} = p.${day} AND ${isSame(dataset, p, c)}
    WHERE c.origin = 'existing'`;
}

function identityNames(dataset: Dataset): Sql {
  return join(identityColumns(dataset).map(({ name }) => identifier(name)));
}

/** The days, of earlier rows in Parquet, that hold a record which was staged again. */
export function matchedDaysQuery(engine: Engine, dataset: Dataset, earlier: Sql): Sql {
  const [p, s] = [columnOf("p"), columnOf("s")];
  const staged = join(
    identityColumns(dataset).map(({ name, value }) => sql`${value(identifier)} AS ${identifier(name)}`),
  );
  return sql`SELECT DISTINCT ${identifier("partition")} AS day FROM ${earlier} AS p WHERE EXISTS (
    SELECT 1 FROM (SELECT ${staged} FROM ${engine.table(TABLES.staged)}
      WHERE ${ruleColumn} IS NULL AND ${isComparable(dataset, identifier)}) AS s
    WHERE ${isSame(dataset, p, s)}) ORDER BY 1`;
}

/**
 * The lines of silver after the run: the partition, the columns of `rowOrder` and `line`.
 * @param existing the lines before it; null without any
 */
export function mergedLines(
  engine: Engine,
  dataset: Dataset,
  existing: Sql | null,
  hasLosers: boolean,
  processedAt: string,
): Sql {
  const columns = sql`${day}, ${join(rowOrder(dataset).map(identifier))}`;
  const staged = sql`SELECT ${columns}, ${line} || ${lineEnd(processedAt)} AS line FROM ${stagedWinners(engine, hasLosers)} WHERE ${ruleColumn} IS NULL`;
  if (existing === null) return sql`(${staged})`;
  const kept = existingWinners(engine, dataset, existingLines(engine.dialect, dataset, existing), day, hasLosers);
  return sql`(${staged} UNION ALL SELECT ${columns}, line FROM ${kept})`;
}

/**
 * The rows of silver after the run, with all columns.
 * @param existing the relation of the Parquet files before it; null without any
 */
export function mergedRows(
  engine: Engine,
  dataset: Dataset,
  existing: Sql | null,
  hasLosers: boolean,
  columns: readonly string[],
): Sql {
  const list = join(columns.map(identifier));
  const staged = sql`SELECT ${day}, ${list} FROM ${stagedWinners(engine, hasLosers)} WHERE ${ruleColumn} IS NULL`;
  if (existing === null) return sql`(${staged})`;
  const partition = identifier("partition");
  const kept = existingWinners(engine, dataset, existing, partition, hasLosers);
  return sql`(${staged} UNION ALL SELECT ${partition} AS ${day}, ${list} FROM ${kept})`;
}

function stagedWinners(engine: Engine, hasLosers: boolean): Sql {
  const table = engine.table(TABLES.staged);
  if (!hasLosers) return table;
  return sql`(SELECT * FROM ${table} AS w WHERE NOT EXISTS (
    SELECT 1 FROM ${engine.table(TABLES.losers)} AS l WHERE l.origin = 'staged' AND l.loser_id = w.row_id))`;
}

/** @param partition the column of `rows` that holds the day */
function existingWinners(engine: Engine, dataset: Dataset, rows: Sql, partition: Sql, hasLosers: boolean): Sql {
  if (!hasLosers) return rows;
  return sql`(SELECT * FROM ${rows} AS p WHERE NOT EXISTS (SELECT 1 FROM ${engine.table(TABLES.losers)} AS l
    WHERE l.origin = 'existing' AND l.${day} = p.${partition} AND ${isSame(dataset, columnOf("p"), columnOf("l"))}))`;
}
