import { EngineError } from "../../errors.ts";
import { renderSql } from "../../sql/render.ts";
import type { Sql, SqlValue } from "../../sql/sql.ts";

const LARGEST_INTEGER = 2 ** 31 - 1;
const LARGEST_LONG = 2n ** 63n - 1n;

/** A name in backticks. */
export function quoteIdentifier(name: string): string {
  if (name.includes("\0")) throw new EngineError("VALUE_INVALID", "A name in a statement cannot hold U+0000.");
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A value as a literal of Spark. */
export function quoteValue(value: SqlValue): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "number":
      if (!Number.isFinite(value)) throw new EngineError("VALUE_INVALID", `${value} is no SQL number.`);
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? quoteInteger(BigInt(value))
        : `CAST('${value}' AS DOUBLE)`;
    case "bigint":
      return quoteInteger(value);
    case "boolean":
      return value ? "true" : "false";
    default:
      return "NULL";
  }
}

function quoteInteger(value: bigint): string {
  if (value <= LARGEST_INTEGER && value >= -LARGEST_INTEGER) return `${value}`;
  return value <= LARGEST_LONG && value >= -LARGEST_LONG ? `${value}L` : `${value}BD`;
}

/**
 * Text in single quotes, where the backslash escapes. A dollar sign is escaped too, because Spark puts variables into
 * the text of a statement, literals included, where a session allows it.
 */
export function quoteText(text: string): string {
  if (!text.isWellFormed()) throw new EngineError("VALUE_INVALID", "Text with half a surrogate pair is no SQL text.");
  return `'${text.replaceAll(/['"\\$\p{Cc}\u2028\u2029]/gu, (character) => `\\u${hex(character)}`)}'`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}

/** The text of a statement for Spark. */
export function renderSpark(statement: Sql): string {
  return renderSql(statement, { identifier: quoteIdentifier, value: quoteValue });
}
