import { type Engine, identifier, join, sql } from "@medallion/engine";
import {
  compareLines,
  type Difference,
  type Lake,
  type LakePath,
  type NumberedLine,
  resolveInLake,
} from "@medallion/lake";
import type { Dataset } from "@medallion/schema";
import { silverColumns } from "@medallion/silver";

const LONGEST_SHOWN = 160;
/** Members that say when something was made: they end a line of silver, and stand on a line of their own in a document. */
const MADE_AT = /,"processed_at":"[^"]*"\}$|^ {2}"(?:generated|processed)_at": "[^"]*",?$/;
const LISTED = 3;

/** Compares a file of lines, or a document, with the one that was made anew. */
export async function compareText(lake: Lake, file: LakePath, rebuilt: string): Promise<Difference[]> {
  const { onlyInFirst, onlyInSecond } = await compareLines(lake, await resolveInLake(lake, file), rebuilt, (line) =>
    line.replace(MADE_AT, ""),
  );
  if (onlyInFirst.length + onlyInSecond.length === 0) return [];
  const problem = [
    ...described(onlyInFirst, "does not follow from bronze"),
    ...described(onlyInSecond, "of what follows from bronze is missing"),
  ].join("; ");
  return [{ file, kind: "changed", problem }];
}

function described(lines: readonly NumberedLine[], what: string): string[] {
  const shown = lines.slice(0, LISTED).map(({ number, text }) => `line ${number} ${what}: ${short(text)}`);
  return lines.length > LISTED ? [...shown, `${lines.length - LISTED} more such lines`] : shown;
}

function short(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Compares the rows of a Parquet file with those of one that was made anew. */
export async function compareRows(
  lake: Lake,
  engine: Engine,
  dataset: Dataset,
  file: LakePath,
  rebuilt: string,
): Promise<Difference[]> {
  const standing = await resolveInLake(lake, file);
  const columns = join(silverColumns(dataset).flatMap((name) => (name === "processed_at" ? [] : [identifier(name)])));
  const rowsOf = (path: string) =>
    sql`SELECT ${columns} FROM ${engine.parquet([{ path, partition: dataset.name }])} AS p`;
  const countOf = async (one: string, other: string) => {
    const [row] = await engine.rows(sql`SELECT count(*) AS n FROM (${rowsOf(one)} EXCEPT ALL ${rowsOf(other)}) AS d`);
    return Number(row?.n);
  };
  try {
    const [added, lost] = [await countOf(standing, rebuilt), await countOf(rebuilt, standing)];
    if (added + lost === 0) return [];
    const problem = `${added} rows do not follow from bronze; ${lost} rows that follow from bronze are missing`;
    return [{ file, kind: "changed", problem }];
  } catch (error) {
    const found = error instanceof Error ? short(error.message.replaceAll("\n", " ")) : String(error);
    return [{ file, kind: "changed", problem: `expected rows of ${dataset.name} in Parquet, found ${found}` }];
  }
}
