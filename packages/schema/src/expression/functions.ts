import type { Builder, Operand } from "./builder.ts";
import type { Expression, ExpressionType, FunctionName } from "./expression.ts";
import { shown } from "./invalid.ts";
import { nearest } from "./nearest.ts";

/** Types with an order. Conditions have none in the language, for engines differ. */
export const ORDERED: readonly ExpressionType[] = ["number", "text", "instant"];
/** Types that can be told apart. */
export const EQUATABLE: readonly ExpressionType[] = ["number", "text", "instant", "boolean"];

/** The most decimal places of `round`: powers of ten up to here keep fifteen digits exact. */
const MOST_DIGITS = 15;

type Signature =
  | { readonly takes: readonly ExpressionType[]; readonly gives: ExpressionType }
  | { readonly alike: readonly ExpressionType[]; readonly most: number };

const SIGNATURES: Record<Exclude<FunctionName, "round">, Signature> = {
  abs: { takes: ["number"], gives: "number" },
  ceil: { takes: ["number"], gives: "number" },
  coalesce: { alike: EQUATABLE, most: Number.POSITIVE_INFINITY },
  contains: { takes: ["text", "text"], gives: "boolean" },
  ends_with: { takes: ["text", "text"], gives: "boolean" },
  floor: { takes: ["number"], gives: "number" },
  greatest: { alike: ORDERED, most: Number.POSITIVE_INFINITY },
  least: { alike: ORDERED, most: Number.POSITIVE_INFINITY },
  length: { takes: ["text"], gives: "number" },
  lower: { takes: ["text"], gives: "text" },
  nullif: { alike: EQUATABLE, most: 2 },
  seconds_between: { takes: ["instant", "instant"], gives: "number" },
  starts_with: { takes: ["text", "text"], gives: "boolean" },
  trim: { takes: ["text"], gives: "text" },
  upper: { takes: ["text"], gives: "text" },
};

const NAMES = [...Object.keys(SIGNATURES), "round"];

/** The call of a function, with its operands checked. */
export function callOf(builder: Builder, written: string, start: number, operands: readonly Operand[]): Operand {
  const name = written.toLowerCase();
  if (name === "round") return builder.operand(roundOf(builder, start, operands), start, operands);
  if (!isKnown(name)) {
    const near = nearest(name, NAMES);
    const advice = near === null ? `The functions are ${NAMES.sort().join(", ")}.` : `Did you mean ${near}?`;
    return builder.fail({ start, expected: "a function", found: shown(written), advice });
  }
  const signature = SIGNATURES[name];
  if ("takes" in signature) {
    const { takes, gives } = signature;
    checkCount(builder, name, start, operands, takes.length, takes.length);
    const nodes = operands.map((operand, index) => builder.as(takes[index] ?? "text", operand));
    return builder.operand({ kind: "call", type: gives, name, operands: nodes }, start, operands);
  }
  checkCount(builder, name, start, operands, 2, signature.most);
  const { type, nodes } = builder.alike(operands, signature.alike);
  return builder.operand({ kind: "call", type, name, operands: nodes }, start, operands);
}

function isKnown(name: string): name is Exclude<FunctionName, "round"> {
  return Object.hasOwn(SIGNATURES, name);
}

function roundOf(builder: Builder, start: number, operands: readonly Operand[]): Expression {
  checkCount(builder, "round", start, operands, 1, 2);
  const [number, digits] = operands;
  const nodes = number === undefined ? [] : [builder.as("number", number)];
  if (digits === undefined) return { kind: "call", type: "number", name: "round", operands: nodes };
  const { node } = digits;
  const value = node?.kind === "literal" ? node.value : null;
  if (node === null || typeof value !== "number" || !Number.isInteger(value) || value > MOST_DIGITS) {
    const expected = `the decimal places, a whole number from 0 to ${MOST_DIGITS}`;
    return builder.fail({ start: digits.start, expected, found: "another value" });
  }
  return { kind: "call", type: "number", name: "round", operands: [...nodes, node] };
}

function checkCount(
  builder: Builder,
  name: string,
  start: number,
  operands: readonly Operand[],
  least: number,
  most: number,
): void {
  const { length } = operands;
  if (length >= least && length <= most) return;
  const wanted =
    least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`;
  builder.fail({ start, expected: `${wanted} value${wanted === "1" ? "" : "s"} for ${name}`, found: `${length}` });
}
