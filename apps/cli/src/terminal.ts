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

const BAR_WIDTH = 24;
const REDRAW_MS = 80;

/** A line on the terminal that shows how far the work is; silent where standard error is no terminal. */
export class Progress {
  readonly #shown: boolean;
  #last = 0;
  #drawn = false;

  constructor(options: OutputOptions) {
    this.#shown = process.stderr.isTTY && options.quiet !== true && options.json !== true;
  }

  /**
   * @param fraction from 0 to 1
   * @param text asked for only when it is shown: work may go on in many small pieces
   */
  show(fraction: number, text: () => string): void {
    if (!this.#shown || (Date.now() - this.#last < REDRAW_MS && fraction < 1)) return;
    this.#last = Date.now();
    this.#drawn = true;
    const full = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
    const bar = `${"█".repeat(full)}${"░".repeat(BAR_WIDTH - full)}`;
    const room = Math.max(10, (process.stderr.columns || 80) - BAR_WIDTH - 3);
    process.stderr.write(`\r\u001b[2K${bar} ${printableLine(text()).slice(0, room)}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#drawn) process.stderr.write("\r\u001b[2K");
    this.#drawn = false;
  }
}

/** A number with its noun: `1 record`, `2,000 records`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Rows as text in columns; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = [header, ...rows].map((row) =>
    row.map((cell) => (typeof cell === "number" ? cell.toLocaleString("en-US") : cell)),
  );
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
