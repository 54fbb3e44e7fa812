import type { ColumnType } from "../column-type.ts";
import type { Builder } from "./builder.ts";
import { type Expression, expressionType } from "./expression.ts";
import { shown } from "./invalid.ts";
import type { Token } from "./lexer.ts";
import { nearest } from "./nearest.ts";

/** The literal or the field that a token stands for; of keywords, `TRUE` and `FALSE` only. */
export function leafOf(builder: Builder, fields: ReadonlyMap<string, ColumnType>, token: Token): Expression {
  const { kind, text, value } = token;
  if (kind === "keyword") return { kind: "literal", type: "boolean", value: text === "TRUE" };
  if (kind === "text") return { kind: "literal", type: "text", value };
  return kind === "number" ? numberOf(builder, token) : fieldOf(builder, fields, token);
}

function numberOf(builder: Builder, { text, start }: Token): Expression {
  const value = Number(text);
  if (Number.isFinite(value)) return { kind: "literal", type: "number", value };
  return builder.fail({ start, expected: "a number that a double can hold", found: text });
}

function fieldOf(builder: Builder, fields: ReadonlyMap<string, ColumnType>, { value, start }: Token): Expression {
  const column = fields.get(value);
  if (column !== undefined) return { kind: "field", type: expressionType(column), name: value };
  const near = nearest(value, fields.keys());
  const advice = near === null ? "Text is written in single quotes." : `Did you mean ${shown(near)}?`;
  return builder.fail({ start, expected: "a field", found: shown(value), advice });
}
