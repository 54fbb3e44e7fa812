import { callValue } from "./call.ts";
import type { ArithmeticOperator, Comparison, Expression } from "./expression.ts";
import { instantMicros } from "./instant-micros.ts";
import { isLike, likeParts } from "./like.ts";
import { type ExpressionValue, orderOf } from "./value.ts";

/**
 * The value of an expression with SQL's three-valued logic, as every engine computes it: null is unknown, numbers are
 * doubles without infinities and without a negative zero, a quotient by zero and what leaves the range of doubles are
 * null, text is compared by code points. Never throws.
 *
 * @param values the fields by name: text, finite numbers, booleans, and instants as microseconds since the epoch (see
 *   `instantMicros`); of a JSON field only whether it is null matters. What is absent or of another type is null.
 */
export function evaluate(expression: Expression, values: ReadonlyMap<string, unknown>): ExpressionValue {
  const value = resultOf(expression, values);
  return typeof value === "number" ? value + 0 : value;
}

/** Whether a record breaks a rule: its condition is false. A condition that is unknown (null) is kept, as by SQL's `CHECK`. */
export function breaksCondition(condition: Expression, values: ReadonlyMap<string, unknown>): boolean {
  return evaluate(condition, values) === false;
}

function resultOf(expression: Expression, values: ReadonlyMap<string, unknown>): ExpressionValue {
  const of = (part: Expression): ExpressionValue => resultOf(part, values);
  switch (expression.kind) {
    case "literal":
      return expression.type === "instant" ? instantMicros(expression.value ?? "") : expression.value;
    case "field":
      return fieldValue(expression, values.get(expression.name));
    case "negate": {
      const value = of(expression.operand);
      return typeof value === "number" ? -value : null;
    }
    case "arithmetic":
      return arithmetic(expression.operator, of(expression.left), of(expression.right));
    case "concatenate": {
      const [left, right] = [of(expression.left), of(expression.right)];
      return typeof left === "string" && typeof right === "string" ? left + right : null;
    }
    case "compare":
      return compare(expression.operator, of(expression.left), of(expression.right));
    case "logic": {
      const parts = [of(expression.left), of(expression.right)];
      const decisive = expression.operator === "OR";
      if (parts.includes(decisive)) return decisive;
      return parts.includes(null) ? null : !decisive;
    }
    case "not":
      return opposite(of(expression.operand));
    case "isNull":
      return (of(expression.operand) === null) !== expression.negated;
    case "in":
      return negatedIf(expression.negated, isIn(of(expression.operand), expression.items.map(of)));
    case "between":
      return negatedIf(expression.negated, isBetween(of(expression.operand), of(expression.low), of(expression.high)));
    case "like": {
      const text = of(expression.operand);
      const parts = likeParts(expression.pattern, expression.escape);
      return negatedIf(expression.negated, typeof text === "string" && parts !== null ? isLike(text, parts) : null);
    }
    case "case": {
      const chosen = expression.branches.find(({ when }) => of(when) === true)?.value ?? expression.otherwise;
      return chosen === null ? null : of(chosen);
    }
    case "call":
      return callValue(expression.name, expression.operands.map(of));
    default:
      return expression satisfies never;
  }
}

function fieldValue({ type }: Expression & { kind: "field" }, value: unknown): ExpressionValue {
  switch (type) {
    case "text":
      return typeof value === "string" ? value : null;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "instant":
      return typeof value === "bigint" ? value : null;
    case "json":
      return value === undefined || value === null ? null : true;
    default:
      return type satisfies never;
  }
}

function arithmetic(operator: ArithmeticOperator, left: ExpressionValue, right: ExpressionValue): number | null {
  if (typeof left !== "number" || typeof right !== "number") return null;
  const results = { "+": left + right, "-": left - right, "*": left * right, "/": left / right };
  return Number.isFinite(results[operator]) ? results[operator] : null;
}

function compare(operator: Comparison, left: ExpressionValue, right: ExpressionValue): boolean | null {
  if (left === null || right === null) return null;
  const order = orderOf(left, right);
  const results = {
    "=": order === 0,
    "<>": order !== 0,
    "<": order < 0,
    "<=": order <= 0,
    ">": order > 0,
    ">=": order >= 0,
  };
  return results[operator];
}

function isIn(value: ExpressionValue, items: readonly ExpressionValue[]): boolean | null {
  if (value === null) return null;
  if (items.some((item) => item !== null && orderOf(value, item) === 0)) return true;
  return items.includes(null) ? null : false;
}

function isBetween(value: ExpressionValue, low: ExpressionValue, high: ExpressionValue): boolean | null {
  const parts = [compare(">=", value, low), compare("<=", value, high)];
  if (parts.includes(false)) return false;
  return parts.includes(null) ? null : true;
}

function opposite(value: ExpressionValue): boolean | null {
  return typeof value === "boolean" ? !value : null;
}

function negatedIf(negated: boolean, value: boolean | null): boolean | null {
  return negated ? opposite(value) : value;
}
