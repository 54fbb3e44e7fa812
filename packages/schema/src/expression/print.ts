import type { Expression, Literal } from "./expression.ts";
import { isBareName } from "./lexer.ts";

/** How tightly an operator binds, from the loosest. */
const LEVELS = { OR: 1, AND: 2, NOT: 3, TEST: 4, CONCATENATE: 5, SUM: 6, PRODUCT: 7, SIGN: 8, ATOM: 9 };

/**
 * An expression as text, with the parentheses that it needs and no others. `parseExpression` reads the same expression
 * from it.
 */
export function printExpression(expression: Expression): string {
  return textOf(expression);
}

function within(expression: Expression, least: number): string {
  return levelOf(expression) < least ? `(${textOf(expression)})` : textOf(expression);
}

function textOf(expression: Expression): string {
  const level = levelOf(expression);
  const value = (part: Expression) => within(part, LEVELS.CONCATENATE);
  switch (expression.kind) {
    case "literal":
      return literalText(expression);
    case "field":
      return isBareName(expression.name) ? expression.name : `"${expression.name.replaceAll('"', '""')}"`;
    case "negate":
      return `-${within(expression.operand, LEVELS.ATOM)}`;
    case "arithmetic":
    case "logic":
      return `${within(expression.left, level)} ${expression.operator} ${within(expression.right, level + 1)}`;
    case "concatenate":
      return `${within(expression.left, level)} || ${within(expression.right, level + 1)}`;
    case "compare":
      return `${value(expression.left)} ${expression.operator} ${value(expression.right)}`;
    case "not":
      return `NOT ${within(expression.operand, LEVELS.NOT)}`;
    case "isNull":
      return `${value(expression.operand)} IS ${not(expression)}NULL`;
    case "in":
      return `${value(expression.operand)} ${not(expression)}IN (${expression.items.map(textOf).join(", ")})`;
    case "between": {
      const { operand, low, high } = expression;
      return `${value(operand)} ${not(expression)}BETWEEN ${value(low)} AND ${value(high)}`;
    }
    case "like": {
      const suffix = expression.escape === null ? "" : ` ESCAPE ${quoted(expression.escape)}`;
      return `${value(expression.operand)} ${not(expression)}LIKE ${quoted(expression.pattern)}${suffix}`;
    }
    case "case": {
      const branches = expression.branches.map((branch) => `WHEN ${textOf(branch.when)} THEN ${textOf(branch.value)}`);
      const otherwise = expression.otherwise === null ? [] : [`ELSE ${textOf(expression.otherwise)}`];
      return ["CASE", ...branches, ...otherwise, "END"].join(" ");
    }
    case "call":
      return `${expression.name}(${expression.operands.map(textOf).join(", ")})`;
    default:
      return expression satisfies never;
  }
}

function levelOf(expression: Expression): number {
  switch (expression.kind) {
    case "logic":
      return LEVELS[expression.operator];
    case "not":
      return LEVELS.NOT;
    case "compare":
    case "isNull":
    case "in":
    case "between":
    case "like":
      return LEVELS.TEST;
    case "concatenate":
      return LEVELS.CONCATENATE;
    case "arithmetic":
      return expression.operator === "+" || expression.operator === "-" ? LEVELS.SUM : LEVELS.PRODUCT;
    case "negate":
      return LEVELS.SIGN;
    case "literal":
    case "field":
    case "case":
    case "call":
      return LEVELS.ATOM;
    default:
      return expression satisfies never;
  }
}

function literalText({ value }: Literal): string {
  if (typeof value === "string") return quoted(value);
  return value === null ? "NULL" : `${value}`.toUpperCase();
}

function not({ negated }: { readonly negated: boolean }): string {
  return negated ? "NOT " : "";
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
