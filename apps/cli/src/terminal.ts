import { printableLine } from "./printable.ts";

/** What the output options say. */
export interface OutputOptions {
  readonly json?: true;
  readonly quiet?: true;
}

/** Prints a result: a document for machines, lines for people, or nothing. */
export function printResult(options: OutputOptions, document: object, lines: readonly string[]): void {
  if (options.json === true) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else if (options.quiet !== true) process.stdout.write(lines.map((line) => `${printableLine(line)}\n`).join(""));
}

/** Prints lines to standard error, whatever the output options say. */
export function warn(lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `medallion: ${printableLine(line)}\n`).join(""));
}

/** A number as people read it: `1,234,567`. Whole ones are written here: with `toLocaleString`, V8 first loads its languages, for 15 ms. */
export function grouped(value: number): string {
  if (!Number.isSafeInteger(value)) return value.toLocaleString("en-US");
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
}

/** A number with its noun: `1 record`, `2,000 records`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

const NAMED = 3;

/** The first few of many names: `a, b, c and 4 more`. */
export function someOf(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return `${names.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Rows as text in columns; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [header, ...rows].map((row) => row.map((cell) => (typeof cell === "number" ? grouped(cell) : cell)));
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  return cells.map((row) =>
    row
      .map((cell, column) =>
        typeof rows[0]?.[column] === "number" ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}
