import type { FunctionName } from "./expression.ts";
import { type ExpressionValue, orderOf } from "./value.ts";

/** From here on every double is a whole number. */
const WHOLE_FROM = 2 ** 53;

/** The value of a function's call. Functions of no null are null when any of their operands is. */
export function callValue(name: FunctionName, operands: readonly ExpressionValue[]): ExpressionValue {
  const [first = null, second = null] = operands;
  switch (name) {
    case "coalesce":
      return operands.find((value) => value !== null) ?? null;
    case "greatest":
      return extreme(operands, 1);
    case "least":
      return extreme(operands, -1);
    case "nullif":
      return first !== null && second !== null && orderOf(first, second) === 0 ? null : first;
    case "abs":
    case "ceil":
    case "floor":
    case "round":
      return typeof first === "number" ? ofNumber(name, first, typeof second === "number" ? second : 0) : null;
    case "length":
    case "lower":
    case "trim":
    case "upper":
      return typeof first === "string" ? ofText(name, first) : null;
    case "contains":
    case "ends_with":
    case "starts_with":
      return typeof first === "string" && typeof second === "string" ? ofTexts(name, first, second) : null;
    case "seconds_between":
      return typeof first === "bigint" && typeof second === "bigint" ? Number(second - first) / 1_000_000 : null;
    default:
      return name satisfies never;
  }
}

/** The greatest (1) or least (-1) of the values that are not null. */
function extreme(values: readonly ExpressionValue[], side: 1 | -1): ExpressionValue {
  let found: ExpressionValue = null;
  for (const value of values) {
    if (value !== null && (found === null || orderOf(value, found) * side > 0)) found = value;
  }
  return found;
}

function ofNumber(name: "abs" | "ceil" | "floor" | "round", value: number, digits: number): number {
  if (name === "abs") return Math.abs(value);
  if (name === "ceil") return Math.ceil(value);
  if (name === "floor") return Math.floor(value);
  const scaled = Math.abs(value) * 10 ** digits;
  if (scaled >= WHOLE_FROM) return value;
  const whole = Math.floor(scaled);
  return (Math.sign(value) * (scaled - whole >= 0.5 ? whole + 1 : whole)) / 10 ** digits;
}

function ofText(name: "length" | "lower" | "trim" | "upper", text: string): string | number {
  if (name === "length") return [...text].length;
  if (name === "lower") return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (name === "upper") return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  return trimmed(text);
}

/** Without the spaces (U+0020) at both ends. A regular expression would take quadratic time for spaces inside. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === " ") start++;
  while (end > start && text[end - 1] === " ") end--;
  return text.slice(start, end);
}

function ofTexts(name: "contains" | "ends_with" | "starts_with", text: string, part: string): boolean {
  if (name === "contains") return text.includes(part);
  return name === "ends_with" ? text.endsWith(part) : text.startsWith(part);
}
