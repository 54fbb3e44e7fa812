import type { ColumnType } from "@medallion/schema/contract";
import { OPEN_BRACE, OPEN_BRACKET } from "../scanner/bytes.ts";
import type { JsonScanner } from "../scanner/scanner.ts";

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** What no JSON string holds but with an escape: all but the space, `!`, `#` to `[` and `]` onwards. */
const ESCAPED = /[^ !#-[\]-\uffff]/;

/** Whether each cell of a row stands in JSON as it is, between quotes. */
export function needsNoEscape(row: string): boolean {
  return !ESCAPED.test(row);
}

/**
 * The JSON text of a cell that is not empty. What is exactly a value of the column's type becomes that value; all else stays the
 * string that it is, for silver to judge. `plain`: as `needsNoEscape`. `scanner` decides what is well-formed.
 */
export function jsonOf(cell: string, type: ColumnType, plain: boolean, scanner: JsonScanner): string {
  if (isValueOf(cell, type, scanner)) return cell;
  return plain ? `"${cell}"` : JSON.stringify(cell);
}

function isValueOf(cell: string, type: ColumnType, scanner: JsonScanner): boolean {
  switch (type) {
    case "integer":
    case "double":
      return NUMBER.test(cell);
    case "boolean":
      return cell === "true" || cell === "false";
    case "json":
      return isObjectOrArray(cell, scanner);
    case "text":
    case "instant":
      return false;
    default:
      return type satisfies never;
  }
}

function isObjectOrArray(cell: string, scanner: JsonScanner): boolean {
  const first = cell.charCodeAt(0);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return false;
  const bytes = Buffer.from(cell);
  scanner.begin(0, 1, 0);
  return scanner.scan(bytes, bytes.length, true) === "whole" && scanner.at === bytes.length;
}
