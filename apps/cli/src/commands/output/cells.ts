import type { QueryValue } from "@medallion/engine";

/** A value as JSON text. Whole numbers of any size and decimals are written with all their digits. */
export function jsonOf(value: QueryValue): string {
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return jsonOfObject(value);
  }
}

function jsonOfObject(value: Exclude<QueryValue, null | string | number | bigint | boolean>): string {
  if (value instanceof Map) {
    return `{${[...value].map(([name, item]) => `${JSON.stringify(name)}:${jsonOf(item)}`).join(",")}}`;
  }
  if (isText(value)) return value.kind === "json" ? value.text.replace(/[\r\n]+/g, " ") : value.text;
  return isList(value) ? `[${value.map(jsonOf).join(",")}]` : "null";
}

/** A value as text: strings as they are, lists and structs as JSON, null as "". */
export function textOf(value: QueryValue): string {
  if (value === null) return "";
  return typeof value === "string" ? value : jsonOf(value);
}

/** Whether a value is a number of any size. */
export function isNumber(value: QueryValue): boolean {
  if (typeof value === "number" || typeof value === "bigint") return true;
  return typeof value === "object" && value !== null && isText(value) && value.kind === "number";
}

const FORMULA = /^[=+\-@\t\r\n]/;
const NUMBER = /^[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * Text that no spreadsheet takes for a formula: an apostrophe goes before text that begins with `=`, `+`, `-`, `@`, a tab
 * or a line end, unless it is a number (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function spreadsheetText(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

function isText(value: object): value is { readonly kind: "number" | "json"; readonly text: string } {
  return "kind" in value && "text" in value;
}

function isList(value: object): value is readonly QueryValue[] {
  return Array.isArray(value);
}
