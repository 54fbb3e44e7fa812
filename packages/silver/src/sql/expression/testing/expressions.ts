import type {
  ArithmeticOperator,
  Comparison,
  Expression,
  ExpressionType,
  FunctionName,
} from "@medallion/schema/expression";
import fc from "fast-check";
import { instants, numbers, texts } from "./values.ts";

/** The fields of random expressions, with the types of their columns. */
export const FIELDS = new Map([
  ["note", "text"],
  ['odd "name"', "text"],
  ["case", "text"],
  ["price", "double"],
  ["Price", "double"],
  ["count", "integer"],
  ["active", "boolean"],
  ["done", "boolean"],
  ["created_at", "instant"],
  ["completed_at", "instant"],
  ["payload", "json"],
] as const);

type Arbitrary = fc.Arbitrary<Expression>;

function field(type: ExpressionType, ...names: readonly string[]): Arbitrary {
  return fc.constantFrom(...names).map((name) => ({ kind: "field", type, name }));
}

function call(type: ExpressionType, name: FunctionName, ...operands: readonly Arbitrary[]): Arbitrary {
  return fc.tuple(...operands).map((nodes) => ({ kind: "call", type, name, operands: nodes }));
}

function nullOf(type: ExpressionType): Arbitrary {
  return fc.constant({ kind: "literal", type, value: null });
}

/** Functions that choose among values. `sure` says its own type, which text for an instant and `NULL` do not. */
function choices(type: ExpressionType, sure: Arbitrary, any: Arbitrary, condition: Arbitrary): Arbitrary[] {
  const last = fc.oneof({ arbitrary: any, weight: 3 }, { arbitrary: nullOf(type), weight: 1 });
  const branch = fc.record({ when: condition, value: last });
  const cases = fc
    .tuple(condition, sure, fc.array(branch, { maxLength: 2 }), fc.option(last))
    .map(([when, value, more, otherwise]): Expression => {
      return { kind: "case", type, branches: [{ when, value }, ...more], otherwise };
    });
  const extremes: FunctionName[] = type === "boolean" ? [] : ["least", "greatest"];
  return [
    cases,
    call(type, "coalesce", sure, last),
    call(type, "coalesce", any, sure, any),
    call(type, "nullif", sure, any),
    ...extremes.map((name) => call(type, name, any, sure, last)),
  ];
}

const LIKE_PIECES = ["%", "_", "!", "a", "b", "A", "é", "😀", "\\", "'", "\n", "\0", " "];

const likes: fc.Arbitrary<{ pattern: string; escape: string | null }> = fc.oneof(
  fc
    .array(fc.constantFrom(...LIKE_PIECES), { maxLength: 6 })
    .map((pieces) => ({ pattern: pieces.join(""), escape: null })),
  fc
    .tuple(
      fc.constantFrom("!", "\\", "😀", "a"),
      fc.array(fc.constantFrom(...LIKE_PIECES, "=%", "=_"), { maxLength: 6 }),
    )
    .map(([mark, pieces]) => ({
      pattern: pieces.map((piece) => (piece === mark ? mark + mark : piece.replace("=", mark))).join(""),
      escape: mark,
    })),
);

function tests(sure: Arbitrary, any: Arbitrary, ordered: boolean): Arbitrary[] {
  const operators: Comparison[] = ordered ? ["=", "<>", "<", "<=", ">", ">="] : ["=", "<>"];
  const negated = fc.boolean();
  const type = fc.constant("boolean" as const);
  const operator = fc.constantFrom(...operators);
  const compare = { kind: fc.constant("compare" as const), type, operator };
  return [
    fc.record({ ...compare, left: sure, right: any }),
    fc.record({ ...compare, left: any, right: sure }),
    fc.record({ kind: fc.constant("isNull" as const), type, negated, operand: sure }),
    fc.record({
      kind: fc.constant("in" as const),
      type,
      negated,
      operand: sure,
      items: fc.array(any, { minLength: 1, maxLength: 4 }),
    }),
    ...(ordered
      ? [fc.record({ kind: fc.constant("between" as const), type, negated, operand: sure, low: any, high: any })]
      : []),
  ];
}

interface Tied {
  text: Expression;
  number: Expression;
  boolean: Expression;
  instant: Expression;
  anyInstant: Expression;
}

const tied = fc.letrec((tie: fc.LetrecTypedTie<Tied>): fc.LetrecValue<Tied> => {
  const [text, number, boolean] = [tie("text"), tie("number"), tie("boolean")];
  const [instant, anyInstant] = [tie("instant"), tie("anyInstant")];
  const maybe = (type: ExpressionType, arbitrary: Arbitrary) =>
    fc.oneof({ arbitrary, weight: 9 }, { arbitrary: nullOf(type), weight: 1 });
  const options = { maxDepth: 3, depthIdentifier: fc.createDepthIdentifier() };
  const digits = fc
    .integer({ min: 0, max: 15 })
    .map((value): Expression => ({ kind: "literal", type: "number", value }));
  return {
    text: fc.oneof(
      options,
      fc.oneof(
        field("text", "note", 'odd "name"', "case"),
        texts.map((value): Expression => ({ kind: "literal", type: "text", value })),
      ),
      fc.record({
        kind: fc.constant("concatenate" as const),
        type: fc.constant("text" as const),
        left: text,
        right: maybe("text", text),
      }),
      ...(["lower", "upper", "trim"] as const).map((name) => call("text", name, text)),
      ...choices("text", text, text, boolean),
    ),
    number: fc.oneof(
      options,
      fc.oneof(
        field("number", "price", "Price", "count"),
        numbers.map((value): Expression => ({ kind: "literal", type: "number", value: Math.abs(value) })),
      ),
      fc.record({ kind: fc.constant("negate" as const), type: fc.constant("number" as const), operand: number }),
      fc.record({
        kind: fc.constant("arithmetic" as const),
        type: fc.constant("number" as const),
        operator: fc.constantFrom<ArithmeticOperator>("+", "-", "*", "/", "/"),
        left: number,
        right: maybe("number", number),
      }),
      call("number", "length", text),
      ...(["abs", "ceil", "floor", "round"] as const).map((name) => call("number", name, number)),
      call("number", "round", number, digits),
      call("number", "seconds_between", anyInstant, anyInstant),
      ...choices("number", number, number, boolean),
    ),
    boolean: fc.oneof(
      options,
      fc.oneof(
        field("boolean", "active", "done"),
        fc.boolean().map((value): Expression => ({ kind: "literal", type: "boolean", value })),
      ),
      fc.record({
        kind: fc.constant("logic" as const),
        type: fc.constant("boolean" as const),
        operator: fc.constantFrom<"AND" | "OR">("AND", "OR"),
        left: boolean,
        right: maybe("boolean", boolean),
      }),
      fc.record({ kind: fc.constant("not" as const), type: fc.constant("boolean" as const), operand: boolean }),
      fc.tuple(text, fc.boolean(), likes).map(([operand, negated, like]): Expression => {
        return { kind: "like", type: "boolean", negated, operand, ...like };
      }),
      ...(["contains", "ends_with", "starts_with"] as const).map((name) => call("boolean", name, text, text)),
      ...tests(text, text, true),
      ...tests(number, number, true),
      ...tests(instant, anyInstant, true),
      ...tests(boolean, boolean, false),
      fc.boolean().map((negated): Expression => {
        const operand: Expression = { kind: "field", type: "json", name: "payload" };
        return { kind: "isNull", type: "boolean", negated, operand };
      }),
      ...choices("boolean", boolean, boolean, boolean),
    ),
    instant: fc.oneof(
      options,
      field("instant", "created_at", "completed_at"),
      ...choices("instant", instant, anyInstant, boolean),
    ),
    anyInstant: fc.oneof(
      options,
      instants.map(({ text: value }): Expression => ({ kind: "literal", type: "instant", value })),
      instant,
    ),
  };
});

/** Well-typed expressions over {@link FIELDS}, just as the parser makes them. */
export const expressions: fc.Arbitrary<Expression> = fc.oneof(tied.text, tied.number, tied.boolean, tied.instant);
