import { EngineError } from "../errors.ts";
import { renderSql } from "../sql/render.ts";
import type { Sql, SqlValue } from "../sql/sql.ts";

/** A name in double quotes. */
function quoteIdentifier(name: string): string {
  if (name.includes("\0")) throw new EngineError("VALUE_INVALID", "A name in a statement cannot hold U+0000.");
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A value as a DuckDB literal. Text goes in single quotes, where DuckDB knows no escape but the doubled quote; U+0000
 * would end the statement and is written as `chr(0)`.
 */
export function quoteValue(value: SqlValue): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "number":
      if (!Number.isFinite(value)) throw new EngineError("VALUE_INVALID", `${value} is no SQL number.`);
      return Number.isInteger(value) && Number.isSafeInteger(value) ? `${value}` : `CAST('${value}' AS DOUBLE)`;
    case "bigint":
      return `${value}`;
    case "boolean":
      return value ? "true" : "false";
    default:
      return "NULL";
  }
}

function quoteText(text: string): string {
  if (!text.isWellFormed()) throw new EngineError("VALUE_INVALID", "Text with half a surrogate pair is no SQL text.");
  const pieces = text.split("\0").map((piece) => `'${piece.replaceAll("'", "''")}'`);
  return pieces.length === 1 ? pieces.join("") : `(${pieces.join(" || chr(0) || ")})`;
}

/** The text of a statement for DuckDB. */
export function renderDuckDb(statement: Sql): string {
  return renderSql(statement, { identifier: quoteIdentifier, value: quoteValue });
}
