import { readFile } from "node:fs/promises";
import { type Engine, identifier, join, sql } from "@medallion/engine";
import type { Lake } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { compareLines, type Difference, type NumberedLine } from "@medallion/lake/verify";
import type { Dataset } from "@medallion/schema";
import { silverColumns } from "@medallion/silver";

const LONGEST_SHOWN = 160;
/** Members that say when something was made: they end a line of silver, and stand on a line of their own in a document. */
const MADE_AT = /,"processed_at":"[^"]*"\}$|^ {2}"(?:generated|processed)_at": "[^"]*",?$/;
const LISTED = 3;

/**
 * The absolute paths of two files, or of the parts of two partitions, that are to have the same content, and what is said of
 * that which only one of them has.
 */
export interface Compared {
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** What follows "line 3" and "3 rows". */
  readonly onlyInFirst: string;
  readonly onlyInSecond: string;
}

/** What is said where the first files stand in the lake, and the second were made anew. */
export async function withRebuilt(
  lake: Lake,
  standing: readonly LakePath[],
  rebuilt: readonly string[],
): Promise<Compared> {
  const [onlyInFirst, onlyInSecond] = ["not given by bronze", "given by bronze, but missing"];
  const first = await Promise.all(standing.map((file) => resolveInLake(lake, file)));
  return { first, second: rebuilt, onlyInFirst, onlyInSecond };
}

/** Compares lines, or documents, but for the times at which they were made. */
export async function compareText(lake: Lake, file: LakePath, compared: Compared): Promise<Difference[]> {
  const { onlyInFirst, onlyInSecond } = await compareLines(lake, compared.first, compared.second, (line) =>
    line.replace(MADE_AT, ""),
  );
  if (onlyInFirst.length + onlyInSecond.length === 0) return [];
  const problem = [
    ...described(onlyInFirst, compared.onlyInFirst),
    ...described(onlyInSecond, compared.onlyInSecond),
  ].join("; ");
  return [{ file, kind: "changed", problem }];
}

/** Compares what is no text byte by byte. */
export async function compareBytes(file: LakePath, { first, second }: Compared): Promise<Difference[]> {
  const bytesOf = async (paths: readonly string[]) =>
    Buffer.concat(await Promise.all(paths.map((path) => readFile(path))));
  const [one, other] = [await bytesOf(first), await bytesOf(second)];
  if (one.equals(other)) return [];
  const problem = `its ${one.length} bytes are not the ${other.length} that it is made of anew`;
  return [{ file, kind: "changed", problem }];
}

function described(lines: readonly NumberedLine[], what: string): string[] {
  const shown = lines.slice(0, LISTED).map(({ number, text }) => `line ${number} ${what}: ${short(text)}`);
  return lines.length > LISTED ? [...shown, `${lines.length - LISTED} more such lines`] : shown;
}

function short(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Compares the rows of Parquet files as sets, but for the times at which they were made. */
export async function compareRows(
  engine: Engine,
  dataset: Dataset,
  file: LakePath,
  { first, second, ...words }: Compared,
): Promise<Difference[]> {
  const columns = join(silverColumns(dataset).flatMap((name) => (name === "processed_at" ? [] : [identifier(name)])));
  const rowsOf = (paths: readonly string[]) =>
    sql`SELECT ${columns} FROM ${engine.parquet(paths.map((path) => ({ path, partition: dataset.name })))} AS p`;
  const countOf = async (one: readonly string[], other: readonly string[]) => {
    const [row] = await engine.rows(sql`SELECT count(*) AS n FROM (${rowsOf(one)} EXCEPT ALL ${rowsOf(other)}) AS d`);
    return Number(row?.n);
  };
  try {
    const [inFirst, inSecond] = [await countOf(first, second), await countOf(second, first)];
    if (inFirst + inSecond === 0) return [];
    const problem = `${inFirst} rows ${words.onlyInFirst}; ${inSecond} rows ${words.onlyInSecond}`;
    return [{ file, kind: "changed", problem }];
  } catch (error) {
    const found = error instanceof Error ? short(error.message.replaceAll("\n", " ")) : String(error);
    return [{ file, kind: "changed", problem: `expected rows of ${dataset.name} in Parquet, found ${found}` }];
  }
}
