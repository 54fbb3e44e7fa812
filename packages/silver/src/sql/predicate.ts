import { all, any, type Dialect, type JsonPath, join, type Sql, sql } from "@medallion/engine";
import {
  type FieldCheck,
  ISO_INSTANT_PATTERN,
  NUMERIC_TEXT_PATTERN,
  type NumberBound,
} from "@medallion/schema/contract";
import type { DocumentReader, JsonValue } from "./reader.ts";

/** Where a check is compiled: the dialect, the values of the document and the document itself. */
export interface CheckContext {
  readonly dialect: Dialect;
  readonly reader: DocumentReader;
  readonly document: Sql;
}

const FIRST_INSTANT = -62_135_596_800_000_000n;
const LAST_INSTANT = 253_402_300_799_999_999n;

/**
 * The SQL predicate of a check: true exactly when zod accepts the value that is present at `path`. The predicate may be
 * null instead of false.
 *
 * @param value the value itself, where it does not come from the document
 */
export function predicateOf(
  context: CheckContext,
  path: JsonPath,
  check: FieldCheck,
  value: Pick<JsonValue, "is" | "text"> = context.reader.value(path),
): Sql {
  const { dialect, document } = context;
  switch (check.kind) {
    case "any":
      return sql`true`;
    case "boolean":
      return value.is("boolean");
    case "string":
      return all([value.is("string"), ...lengthBounds(dialect.characterCount(value.text), check, value.text)]);
    case "instant":
      return sql`(${instantOf(context, value)} IS NOT NULL)`;
    case "numericText":
      return all([
        value.is("string"),
        dialect.matches(value.text, NUMERIC_TEXT_PATTERN),
        sql`${dialect.finiteDouble(value.text)} IS NOT NULL`,
      ]);
    case "pattern":
      return all([value.is("string"), dialect.matches(value.text, check.source)]);
    case "number":
      return numberPredicate(context, value, check);
    case "oneOf":
      return any(check.values.map((wanted) => equalTo(context, value, wanted)));
    case "array":
      return all([value.is("array"), ...lengthBounds(dialect.jsonArrayLength(document, path), check)]);
    case "object":
      return all([
        value.is("object"),
        ...check.members.map((member) => memberPredicate(context, [...path, member.name], member)),
      ]);
    case "anyOf":
      return any(check.options.map((option) => predicateOf(context, path, option, value)));
    default:
      return check satisfies never;
  }
}

/** The instant that a value is, or null when it is none: wrong shape, no such date, or outside the years 1 to 9999. */
function instantOf(context: CheckContext, value: Pick<JsonValue, "is" | "text">): Sql {
  return instantOfText(context.dialect, value.text, value.is("string"));
}

/** The instant of ISO 8601 text, or null; `condition` must hold too. */
export function instantOfText(dialect: Dialect, text: Sql, condition: Sql = sql`true`): Sql {
  const instant = dialect.isoInstant(text);
  const inside = sql`${text} >= '0001' AND (${text} BETWEEN '0001-01-02' AND '9999-12-31' OR ${dialect.micros(instant)} BETWEEN ${FIRST_INSTANT} AND ${LAST_INSTANT})`;
  return sql`CASE WHEN ${condition} AND ${dialect.matches(text, ISO_INSTANT_PATTERN)} AND ${inside} THEN ${instant} END`;
}

/** The paths of all objects whose members a check looks into. A repeated key there would be ambiguous. */
export function objectPaths(path: JsonPath, check: FieldCheck): JsonPath[] {
  if (check.kind === "anyOf") return check.options.flatMap((option) => objectPaths(path, option));
  if (check.kind !== "object" || check.members.length === 0) return [];
  return [path, ...check.members.flatMap((member) => objectPaths([...path, member.name], member.check))];
}

function memberPredicate(context: CheckContext, path: JsonPath, member: { required: boolean; check: FieldCheck }): Sql {
  const { present } = context.reader.presence(path);
  const holds = predicateOf(context, path, member.check);
  return member.required ? all([present, holds]) : sql`(NOT ${present} OR ${holds})`;
}

function lengthBounds(length: Sql, bounds: { minLength: number; maxLength: number | null }, text?: Sql): Sql[] {
  const { minLength, maxLength } = bounds;
  const least = minLength === 1 && text !== undefined ? sql`${text} <> ''` : sql`${length} >= ${minLength}`;
  return [...(minLength > 0 ? [least] : []), ...(maxLength === null ? [] : [sql`${length} <= ${maxLength}`])];
}

function numberPredicate(
  context: CheckContext,
  value: Pick<JsonValue, "is" | "text">,
  check: FieldCheck & { kind: "number" },
): Sql {
  const number = context.dialect.finiteDouble(value.text);
  const conditions = [
    value.is("number"),
    sql`${number} IS NOT NULL`,
    ...check.bounds.map((bound) => boundOf(number, bound)),
  ];
  if (check.integer) {
    conditions.push(sql`${number} = floor(${number})`);
    conditions.push(sql`${number} BETWEEN ${Number.MIN_SAFE_INTEGER} AND ${Number.MAX_SAFE_INTEGER}`);
  }
  return all(conditions);
}

function boundOf(number: Sql, bound: NumberBound): Sql {
  if (bound.side === "min") return bound.inclusive ? sql`${number} >= ${bound.value}` : sql`${number} > ${bound.value}`;
  return bound.inclusive ? sql`${number} <= ${bound.value}` : sql`${number} < ${bound.value}`;
}

function equalTo(context: CheckContext, value: Pick<JsonValue, "is" | "text">, wanted: string | number | boolean): Sql {
  if (typeof wanted === "string") return all([value.is("string"), sql`${value.text} = ${wanted}`]);
  if (typeof wanted === "boolean") return all([value.is("boolean"), sql`${value.text} = ${String(wanted)}`]);
  return all([value.is("number"), sql`${context.dialect.finiteDouble(value.text)} = ${wanted}`]);
}

/** Fragments as the branches of a `CASE` over the first condition that holds; null when none does. */
export function firstOf(branches: readonly { readonly when: Sql; readonly value: Sql }[]): Sql {
  if (branches.length === 0) return sql`NULL`;
  return sql`CASE ${join(
    branches.map(({ when, value }) => sql`WHEN ${when} THEN ${value}`),
    sql` `,
  )} END`;
}
