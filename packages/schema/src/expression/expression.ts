import type { ColumnType } from "../column-type.ts";

/** The type of an expression. `json` is the type of fields only, which can be tested with `IS NULL` and no more. */
export type ExpressionType = "text" | "number" | "boolean" | "instant" | "json";

/** What is written out. An instant is the ISO 8601 text with an offset that was compared with an instant. */
export type Literal =
  | { readonly kind: "literal"; readonly type: "text" | "instant"; readonly value: string }
  | { readonly kind: "literal"; readonly type: "number"; readonly value: number }
  | { readonly kind: "literal"; readonly type: "boolean"; readonly value: boolean }
  | { readonly kind: "literal"; readonly type: ExpressionType; readonly value: null };

/** Operators of two numbers, with their signs in the language. */
export type ArithmeticOperator = "+" | "-" | "*" | "/";
/** Comparisons, with their signs in the language; `!=` is read as `<>`. */
export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** Functions with their names in the language. */
export type FunctionName =
  | "abs"
  | "ceil"
  | "coalesce"
  | "contains"
  | "ends_with"
  | "floor"
  | "greatest"
  | "least"
  | "length"
  | "lower"
  | "nullif"
  | "round"
  | "seconds_between"
  | "starts_with"
  | "trim"
  | "upper";

/** `WHEN` with its `THEN`. */
export interface CaseBranch {
  readonly when: Expression;
  readonly value: Expression;
}

/**
 * A typed expression as plain data, which JavaScript evaluates and every engine can be told in SQL. Made by
 * `parseExpression` only, which has checked the types and the limits.
 */
export type Expression =
  | Literal
  | { readonly kind: "field"; readonly type: ExpressionType; readonly name: string }
  | { readonly kind: "negate"; readonly type: "number"; readonly operand: Expression }
  | {
      readonly kind: "arithmetic";
      readonly type: "number";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "concatenate"; readonly type: "text"; readonly left: Expression; readonly right: Expression }
  | {
      readonly kind: "compare";
      readonly type: "boolean";
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "logic";
      readonly type: "boolean";
      readonly operator: "AND" | "OR";
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "not"; readonly type: "boolean"; readonly operand: Expression }
  | { readonly kind: "isNull"; readonly type: "boolean"; readonly negated: boolean; readonly operand: Expression }
  | {
      readonly kind: "in";
      readonly type: "boolean";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly items: readonly Expression[];
    }
  | {
      readonly kind: "between";
      readonly type: "boolean";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    }
  | {
      readonly kind: "like";
      readonly type: "boolean";
      readonly negated: boolean;
      readonly operand: Expression;
      readonly pattern: string;
      readonly escape: string | null;
    }
  | {
      readonly kind: "case";
      readonly type: ExpressionType;
      readonly branches: readonly CaseBranch[];
      readonly otherwise: Expression | null;
    }
  | {
      readonly kind: "call";
      readonly type: ExpressionType;
      readonly name: FunctionName;
      readonly operands: readonly Expression[];
    };

/** The type of a column's values in expressions: whole numbers and doubles are both numbers. */
export function expressionType(column: ColumnType): ExpressionType {
  return column === "integer" || column === "double" ? "number" : column;
}

/** The expressions that an expression is made of, in the order in which they are written. */
export function operandsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "literal":
    case "field":
      return [];
    case "negate":
    case "not":
    case "isNull":
    case "like":
      return [expression.operand];
    case "arithmetic":
    case "concatenate":
    case "compare":
    case "logic":
      return [expression.left, expression.right];
    case "in":
      return [expression.operand, ...expression.items];
    case "between":
      return [expression.operand, expression.low, expression.high];
    case "case":
      return [
        ...expression.branches.flatMap(({ when, value }) => [when, value]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
    case "call":
      return expression.operands;
    default:
      return expression satisfies never;
  }
}

/** The names of the fields that an expression reads, each once, in the order in which they first stand in it. */
export function expressionFields(expression: Expression): string[] {
  const own = expression.kind === "field" ? [expression.name] : [];
  return [...new Set([...own, ...operandsOf(expression).flatMap(expressionFields)])];
}

/**
 * Whether arithmetic inside a number may leave the range of doubles. Such a number counts as null, and SQL must look
 * for that wherever the number is compared or chosen; until then it stays infinite through more arithmetic.
 */
export function mayOverflow(expression: Expression): boolean {
  switch (expression.kind) {
    case "arithmetic":
      return true;
    case "negate":
      return mayOverflow(expression.operand);
    case "case":
      return [...expression.branches.map(({ value }) => value), expression.otherwise].some(
        (value) => value !== null && mayOverflow(value),
      );
    case "call":
      return ["abs", "ceil", "floor", "round"].includes(expression.name) && expression.operands.some(mayOverflow);
    default:
      return false;
  }
}
