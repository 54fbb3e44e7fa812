import type { ColumnType } from "@medallion/schema/contract";
import { OPEN_BRACE, OPEN_BRACKET } from "../scanner/bytes.ts";
import type { JsonScanner } from "../scanner/scanner.ts";

/** RFC 8259, section 6. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * The JSON text of a cell that is not empty. What is exactly a value of the column's type becomes that value; all else stays the
 * string that it is, for silver to judge. `scanner` decides what is well-formed.
 */
export function jsonOf(cell: string, type: ColumnType, scanner: JsonScanner): string {
  switch (type) {
    case "integer":
    case "double":
      return NUMBER.test(cell) ? cell : JSON.stringify(cell);
    case "boolean":
      return cell === "true" || cell === "false" ? cell : JSON.stringify(cell);
    case "json":
      return isObjectOrArray(cell, scanner) ? cell : JSON.stringify(cell);
    case "text":
    case "instant":
      return JSON.stringify(cell);
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
