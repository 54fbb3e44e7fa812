import { isUtf8 } from "node:buffer";
import type { ColumnType } from "@medallion/schema/contract";
import { BronzeError } from "../errors.ts";
import { type KeyRole, keyRole } from "../scanner/keys.ts";
import { cellsOf } from "./cells.ts";

/** One column of a CSV source. */
export interface Column {
  /** Its name as a JSON key with the colon. */
  readonly key: string;
  readonly role: KeyRole;
  readonly type: ColumnType;
}

/** The types of columns by their names; a column that is not named holds text. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/**
 * The columns that a header row names.
 * @throws BronzeError `CSV_HEADER_INVALID`
 */
export function readHeader(row: Buffer, line: number, types: ColumnTypes): Column[] {
  if (!isUtf8(row)) throw invalid(line, "in UTF-8", "bytes that are not");
  const names = cellsOf(row.toString());
  const known = new Map(Object.entries(types));
  const places = new Map<string, number>();
  return names.map((name, index) => {
    const place = index + 1;
    const before = places.get(name);
    if (name === "") throw invalid(line, "with a name for each column", `none for column ${place}`, { column: place });
    if (before !== undefined) {
      const found = `${shown(name)} for the columns ${before} and ${place}`;
      throw invalid(line, "with a name of its own for each column", found, { column: place, name });
    }
    places.set(name, place);
    const text = JSON.stringify(name);
    const bytes = Buffer.from(text);
    return { key: `${text}:`, role: keyRole(bytes, 1, bytes.length - 1), type: known.get(name) ?? "text" };
  });
}

/** The error of a source without a usable header row. */
export function invalid(
  line: number,
  expected: string,
  found: string,
  facts: { column?: number; name?: string } = {},
): BronzeError {
  return new BronzeError(
    "CSV_HEADER_INVALID",
    `Expected a header row ${expected}, found ${found} (line ${line}). No row was read. Mend the header, then ingest again.`,
    { line, ...facts },
  );
}

function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name);
}
