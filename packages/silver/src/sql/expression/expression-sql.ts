import { type Dialect, join, type Sql, sql } from "@medallion/engine";
import { type Expression, instantMicros, type Literal, likeParts, mayOverflow } from "@medallion/schema/expression";
import { callSql } from "./call-sql.ts";
import { finite } from "./number-sql.ts";

/** Gives the SQL of a field's value: text, a number of any type, a boolean, the engine's timestamp, or JSON. */
export type ColumnSql = (field: string) => Sql;

const TYPES = { text: sql`STRING`, number: sql`DOUBLE`, boolean: sql`BOOLEAN` };

/**
 * The value of an expression in SQL: text, a finite double that is no negative zero, a boolean or a timestamp; null
 * where `evaluate` of @medallion/schema says null, and equal to what it says elsewhere.
 *
 * @param columns the SQL of each field, null where the record has no valid value
 */
export function expressionSql(dialect: Dialect, expression: Expression, columns: ColumnSql): Sql {
  const value = valueSql({ dialect, columns }, expression);
  return expression.type === "number" ? sql`(${value} + CAST(0 AS DOUBLE))` : value;
}

/** Whether a record breaks a rule: true when its condition is false, false when it is true or unknown, never null. */
export function breaksConditionSql(dialect: Dialect, condition: Expression, columns: ColumnSql): Sql {
  return sql`coalesce(NOT ${valueSql({ dialect, columns }, condition)}, false)`;
}

interface Context {
  readonly dialect: Dialect;
  readonly columns: ColumnSql;
}

/** The value with null for what left the range of doubles. */
function valueSql(context: Context, expression: Expression): Sql {
  const value = openSql(context, expression);
  return mayOverflow(expression) ? finite(value) : value;
}

/** The value, in which a number may be infinite or none where it counts as null: more arithmetic leaves it so. */
function openSql(context: Context, expression: Expression): Sql {
  const { dialect } = context;
  const value = (part: Expression): Sql => valueSql(context, part);
  const open = (part: Expression): Sql => openSql(context, part);
  switch (expression.kind) {
    case "literal":
      return literalSql(dialect, expression);
    case "field": {
      const column = context.columns(expression.name);
      return expression.type === "number" ? sql`CAST(${column} AS DOUBLE)` : column;
    }
    case "negate":
      return sql`(- ${open(expression.operand)})`;
    case "arithmetic":
      return arithmeticSql(context, expression);
    case "concatenate":
      // DuckDB takes text joined with a null that it knows beforehand for a null of no type.
      return sql`CAST((${value(expression.left)} || ${value(expression.right)}) AS ${TYPES.text})`;
    case "compare":
      return sql`(${value(expression.left)} ${COMPARISONS[expression.operator]} ${value(expression.right)})`;
    case "logic":
      return expression.operator === "AND"
        ? sql`(${value(expression.left)} AND ${value(expression.right)})`
        : sql`(${value(expression.left)} OR ${value(expression.right)})`;
    case "not":
      return sql`(NOT ${value(expression.operand)})`;
    case "isNull":
      return sql`(${value(expression.operand)} IS ${not(expression)}NULL)`;
    case "in":
      return sql`(${value(expression.operand)} ${not(expression)}IN (${join(expression.items.map(value))}))`;
    case "between": {
      const { operand, low, high } = expression;
      return sql`(${value(operand)} ${not(expression)}BETWEEN ${value(low)} AND ${value(high)})`;
    }
    case "like":
      return sql`(${value(expression.operand)} ${not(expression)}LIKE ${patternOf(expression)} ESCAPE ${ESCAPE})`;
    case "case": {
      const branches = expression.branches.map((branch) => sql`WHEN ${value(branch.when)} THEN ${open(branch.value)}`);
      const otherwise = expression.otherwise === null ? sql`` : sql` ELSE ${open(expression.otherwise)}`;
      return sql`CASE ${join(branches, sql` `)}${otherwise} END`;
    }
    case "call":
      return callSql(dialect, expression, { value, open });
    default:
      return expression satisfies never;
  }
}

const COMPARISONS = { "=": sql`=`, "<>": sql`<>`, "<": sql`<`, "<=": sql`<=`, ">": sql`>`, ">=": sql`>=` };

function not({ negated }: { readonly negated: boolean }): Sql {
  return negated ? sql`NOT ` : sql``;
}

function literalSql(dialect: Dialect, literal: Literal): Sql {
  const { type, value } = literal;
  if (type === "instant")
    return dialect.instantOfMicros(typeof value === "string" ? micros(value) : sql`CAST(NULL AS BIGINT)`);
  if (value === null) return type === "json" ? sql`NULL` : sql`CAST(NULL AS ${TYPES[type]})`;
  return type === "number" ? sql`CAST(${value} AS DOUBLE)` : sql`${value}`;
}

function micros(text: string): Sql {
  return sql`CAST(${instantMicros(text)} AS BIGINT)`;
}

/** Divisors that are zero or left the range of doubles make null, so that no engine meets them. */
function arithmeticSql(context: Context, expression: Expression & { kind: "arithmetic" }): Sql {
  const [left, right] = [openSql(context, expression.left), openSql(context, expression.right)];
  switch (expression.operator) {
    case "+":
      return sql`(${left} + ${right})`;
    case "-":
      return sql`(${left} - ${right})`;
    case "*":
      return sql`(${left} * ${right})`;
    case "/": {
      const { right: divisor } = expression;
      if (divisor.kind === "literal" && divisor.value !== 0) return sql`(${left} / ${right})`;
      const inside = mayOverflow(divisor) ? finite(right) : right;
      return sql`(${left} / CASE WHEN ${right} <> 0 THEN ${inside} END)`;
    }
    default:
      return expression.operator satisfies never;
  }
}

/** One escape character for every engine; Spark would else take the backslash for one. */
const ESCAPE = "!";

function patternOf({ pattern, escape: written }: Expression & { kind: "like" }): string {
  return (likeParts(pattern, written) ?? [])
    .map((part) => {
      if (part.kind === "any") return "%";
      if (part.kind === "one") return "_";
      return ["%", "_", ESCAPE].includes(part.text) ? `${ESCAPE}${part.text}` : part.text;
    })
    .join("");
}
