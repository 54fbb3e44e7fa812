import { type Dialect, identifier, join, type Sql, sql } from "@medallion/engine";
import type { Dataset } from "@medallion/schema";
import { BRONZE_FIELDS, GIVEN_PART } from "@medallion/schema/contract";
import type { JsonKind } from "@medallion/schema/evolution";
import type { DocumentReader, JsonPresence } from "../sql/reader.ts";

/** What a digit of a shape says of a member: that it is not there, or its type. */
export const SHAPE_DIGITS: readonly (JsonKind | null)[] = [
  null,
  "null",
  "string",
  "number",
  "boolean",
  "object",
  "array",
];
/** Octal digits that a whole number of 64 bits holds. */
const DIGITS = 20;

/** The top-level names that a data set reads of a record. */
export function knownNames(dataset: Dataset): string[] {
  const names = new Set(dataset.fields.flatMap(({ sources }) => sources));
  return [...names].filter((name) => name !== GIVEN_PART && !BRONZE_FIELDS.some((field) => field === name));
}

/** The columns that the shape of so many members takes. */
export function shapeColumns(members: number): string[] {
  return Array.from({ length: Math.max(1, Math.ceil(members / DIGITS)) }, (_, index) => `medallion.shape.${index}`);
}

/**
 * The types of members as octal digits of whole numbers, {@link SHAPE_DIGITS} says which, twenty to a column: few bytes a
 * record, by which records can be grouped.
 */
export function shapeValues(
  reader: DocumentReader,
  names: readonly string[],
): { readonly column: string; readonly value: Sql }[] {
  const digits = names.map((name, index) => digitOf(reader.presence([name]), shapePlace(index).weight));
  return shapeColumns(names.length).map((column, index) => {
    const own = digits.slice(index * DIGITS, (index + 1) * DIGITS);
    return { column, value: own.length === 0 ? sql`0` : sql`(${join(own, sql` + `)})` };
  });
}

/** The most frequent answers come first, for an engine looks no further. */
function digitOf(value: JsonPresence, weight: bigint): Sql {
  const digit = (kind: JsonKind) => sql`${BigInt(SHAPE_DIGITS.indexOf(kind)) * weight}`;
  return sql`CASE WHEN ${value.is("string")} THEN ${digit("string")} WHEN NOT ${value.has} THEN 0
    WHEN NOT ${value.present} THEN ${digit("null")} WHEN ${value.is("object")} THEN ${digit("object")}
    WHEN ${value.is("array")} THEN ${digit("array")} WHEN ${value.is("boolean")} THEN ${digit("boolean")}
    ELSE ${digit("number")} END`;
}

/** Null in records whose members cannot be told. */
export const IS_RECORD = sql`${identifier("medallion.shape.0")} IS NOT NULL`;

/** Where a member's digit stands. */
export interface ShapePlace {
  readonly column: string;
  readonly weight: bigint;
}

export function shapePlace(index: number): ShapePlace {
  return { column: `medallion.shape.${Math.floor(index / DIGITS)}`, weight: 8n ** BigInt(index % DIGITS) };
}

/** The digit of a shape at a place. */
export function digitAt(dialect: Dialect, shape: Sql, weight: Sql): Sql {
  const from = (divisor: Sql) => dialect.integerQuotient(shape, divisor);
  return sql`${from(weight)} - 8 * ${from(sql`(8 * ${weight})`)}`;
}

/** Columns as a list. */
export const shapeList = (columns: readonly string[]): Sql => join(columns.map((name) => identifier(name)));
