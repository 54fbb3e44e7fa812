import type { Writable } from "node:stream";
import { writeToString } from "@fast-csv/format";
import type { QueryColumn, QueryValue } from "@medallion/engine";
import { printable } from "../../printable.ts";
import { counted } from "../../terminal.ts";
import { isNumber, jsonOf, spreadsheetText, textOf } from "./cells.ts";

export type Format = "table" | "json" | "csv" | "jsonl";

/** Turns rows to text, some at a time. */
export interface RowFormat {
  begin(): Promise<string>;
  rows(batch: readonly (readonly QueryValue[])[]): Promise<string>;
  /** @param cut whether there were more rows than were asked for */
  end(count: number, cut: boolean): Promise<string>;
}

/** @param rawCells leaves cells of CSV as they are, which a spreadsheet may take for formulas */
export function formatOf(format: Format, columns: readonly QueryColumn[], rawCells: boolean): RowFormat {
  switch (format) {
    case "table":
      return tableFormat(columns);
    case "json":
      return jsonFormat(columns);
    case "jsonl":
      return linesFormat(columns);
    case "csv":
      return csvFormat(columns, rawCells);
    default:
      return format satisfies never;
  }
}

/** On a terminal, characters that would steer it are shown as escapes; elsewhere the text is as it is. */
export function forTarget(format: RowFormat, target: Writable): RowFormat {
  if (!("isTTY" in target) || target.isTTY !== true) return format;
  return {
    begin: async () => printable(await format.begin()),
    rows: async (batch) => printable(await format.rows(batch)),
    end: async (count, cut) => printable(await format.end(count, cut)),
  };
}

const nothing = async () => "";

function objectWriter(columns: readonly QueryColumn[]): (row: readonly QueryValue[]) => string {
  const names = uniqueNames(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  return (row) => `{${names.map((name, index) => `${name}:${jsonOf(row[index] ?? null)}`).join(",")}}`;
}

/** A name that stands twice would be lost in an object: the later ones get a number. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 1; taken.has(unique); count += 1) unique = `${name}_${count}`;
    taken.add(unique);
    return unique;
  });
}

function linesFormat(columns: readonly QueryColumn[]): RowFormat {
  const object = objectWriter(columns);
  return { begin: nothing, rows: async (batch) => batch.map((row) => `${object(row)}\n`).join(""), end: nothing };
}

function jsonFormat(columns: readonly QueryColumn[]): RowFormat {
  const object = objectWriter(columns);
  let first = true;
  return {
    begin: async () => "[",
    async rows(batch) {
      const text = batch.map((row) => `\n  ${object(row)}`).join(",");
      const joined = first || text === "" ? text : `,${text}`;
      first &&= text === "";
      return joined;
    },
    end: async () => (first ? "]\n" : "\n]\n"),
  };
}

function csvFormat(columns: readonly QueryColumn[], rawCells: boolean): RowFormat {
  const cell = rawCells ? (text: string) => text : spreadsheetText;
  // A row of one empty cell would be an empty line, which readers of CSV pass over.
  const options = { includeEndRowDelimiter: true, quoteColumns: columns.length === 1 };
  const write = (rows: string[][]) => (rows.length === 0 ? nothing() : writeToString(rows, options));
  return {
    begin: () => write([columns.map(({ name }) => cell(name))]),
    rows: (batch) =>
      write(batch.map((row) => row.map((value) => (isNumber(value) ? textOf(value) : cell(textOf(value)))))),
    end: nothing,
  };
}

const WIDEST_CELL = 100;

function tableFormat(columns: readonly QueryColumn[]): RowFormat {
  const right = columns.map(() => true);
  let widths: number[] | null = null;
  const line = (cells: readonly string[]) =>
    `${cells
      .map((text, index) => {
        const space = " ".repeat(Math.max(0, (widths?.[index] ?? 0) - lengthOf(text)));
        return right[index] ? space + text : text + space;
      })
      .join("  ")
      .trimEnd()}\n`;
  const header = columns.map(({ name }) => clipped(name));
  const begin = (batch: readonly (readonly QueryValue[])[], rows: readonly string[][]) => {
    widths = header.map((name, index) => Math.max(lengthOf(name), ...rows.map((row) => lengthOf(row[index] ?? ""))));
    for (const [index] of columns.entries()) {
      right[index] =
        batch.some((row) => isNumber(row[index] ?? null)) && batch.every((row) => isNumberOrNull(row[index]));
    }
    return line(header) + line(widths.map((width) => "-".repeat(width)));
  };
  return {
    begin: nothing,
    async rows(batch) {
      const rows = batch.map((row) => row.map((value) => (value === null ? "NULL" : clipped(textOf(value)))));
      // The columns are as wide as the first rows need; all rows would have to be kept to know better.
      const head = widths === null ? begin(batch, rows) : "";
      return head + rows.map(line).join("");
    },
    async end(count, cut) {
      const head = widths === null ? begin([], []) : "";
      return `${head}(${cut ? "the first " : ""}${counted(count, "row")})\n`;
    },
  };
}

function isNumberOrNull(value: QueryValue | undefined): boolean {
  return value === undefined || value === null || isNumber(value);
}

/** On one line, safe for a terminal, and not too wide for it. */
function clipped(text: string): string {
  const clean = printable(text.slice(0, 4 * WIDEST_CELL)).replaceAll("\n", "\\n");
  const characters = [...clean];
  return characters.length > WIDEST_CELL ? `${characters.slice(0, WIDEST_CELL - 1).join("")}…` : clean;
}

function lengthOf(text: string): number {
  return [...text].length;
}
