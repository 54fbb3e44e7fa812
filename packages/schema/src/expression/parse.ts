import type { ColumnType } from "../column-type.ts";
import type { Expression } from "./expression.ts";
import { Parser } from "./parser.ts";

/**
 * Reads an expression of the language of docs/expressions.md, a subset of SQL, and checks the types of its parts.
 *
 * @param text the expression: at most 10,000 characters and 100 levels, and 500 fields and operators in SQL
 * @param fields the fields that it may name, with the types of their columns
 * @throws SchemaError EXPRESSION_INVALID with the position in characters from 1, what was expected and what was found
 *
 * @example
 * const fields = new Map([["price", "double"], ["discount", "double"]] as const);
 * const total = parseExpression("round(price * (1 - coalesce(discount, 0)), 2)", fields);
 */
export function parseExpression(text: string, fields: ReadonlyMap<string, ColumnType>): Expression {
  return new Parser(text, fields).whole();
}

/**
 * Reads an expression that must be a condition, as a rule is; see {@link parseExpression}.
 *
 * @throws SchemaError EXPRESSION_INVALID, also when the expression is no condition
 *
 * @example
 * const fields = new Map([["created_at", "instant"], ["completed_at", "instant"]] as const);
 * const rule = parseCondition("completed_at >= created_at", fields);
 */
export function parseCondition(text: string, fields: ReadonlyMap<string, ColumnType>): Expression {
  return new Parser(text, fields).condition();
}
