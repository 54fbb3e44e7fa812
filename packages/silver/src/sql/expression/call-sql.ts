import { type Dialect, join, type Sql, sql } from "@medallion/engine";
import type { Expression } from "@medallion/schema/expression";
import { rounded, whole } from "./number-sql.ts";

/** Compiles an operand: `open` where the result may stay infinite, `value` where that must be null. */
export interface OperandSql {
  readonly value: (operand: Expression) => Sql;
  readonly open: (operand: Expression) => Sql;
}

const CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL = CAPITALS.toLowerCase();

/** The SQL of a function's call. */
export function callSql(dialect: Dialect, call: Expression & { kind: "call" }, { value, open }: OperandSql): Sql {
  const { name, operands } = call;
  const [one, other] = operands;
  if (one === undefined) throw new TypeError(`${name}() without operands was not checked by parseExpression`);
  const second = other === undefined ? sql`NULL` : value(other);
  switch (name) {
    case "abs":
      return sql`abs(${open(one)})`;
    case "ceil":
    case "floor":
      return whole(name, open(one));
    case "round":
      return rounded(open(one), digitsOf(other));
    case "coalesce":
      return sql`coalesce(${join(operands.map(value))})`;
    case "greatest":
      return sql`greatest(${join(operands.map(value))})`;
    case "least":
      return sql`least(${join(operands.map(value))})`;
    case "nullif":
      return sql`nullif(${value(one)}, ${second})`;
    case "length":
      return sql`CAST(${dialect.characterCount(value(one))} AS DOUBLE)`;
    case "lower":
      return sql`translate(${value(one)}, ${CAPITALS}, ${SMALL})`;
    case "upper":
      return sql`translate(${value(one)}, ${SMALL}, ${CAPITALS})`;
    case "trim":
      return sql`trim(BOTH ' ' FROM ${value(one)})`;
    case "contains":
      return sql`contains(${value(one)}, ${second})`;
    case "ends_with":
      return dialect.endsWith(value(one), second);
    case "starts_with":
      return sql`(substr(${value(one)}, 1, ${dialect.characterCount(second)}) = ${second})`;
    case "seconds_between":
      return dialect.seconds(sql`(${dialect.micros(second)} - ${dialect.micros(value(one))})`);
    default:
      return name satisfies never;
  }
}

function digitsOf(digits: Expression | undefined): number {
  return digits?.kind === "literal" && typeof digits.value === "number" ? digits.value : 0;
}
