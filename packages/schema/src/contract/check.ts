/**
 * What a field must be, as plain data: the meeting point of zod (which services run) and SQL (which engines run).
 * Silver turns each of these into one SQL predicate over a JSON value that is there and not null. No kind of value stands
 * for another: `"1"` is no number.
 *
 * - `any`: whatever it is.
 * - `string`: its length in Unicode code points, as zod counts it, limits included.
 * - `instant`: an ISO 8601 date-time that exists, as `isIsoInstant` tells.
 * - `numericText`: a string that is a JSON number which a double can hold, as `isNumericText` tells.
 * - `pattern`: a string that the regular expression matches as a whole; plain syntax of JavaScript, RE2 and Java.
 * - `number`: read as a finite double, as `JSON.parse` reads it; `integer` means whole and at most 2^53 - 1 either way.
 * - `oneOf`: equal to one of the values, strings to the letter, numbers as doubles.
 * - `array`: the number of its members, limits included; its members are not looked at.
 * - `object`: each member that is there fits its check and each required one is there; other members are not looked at.
 * - `anyOf`: fits at least one of the options.
 */
export type FieldCheck =
  | { readonly kind: "any" }
  | { readonly kind: "boolean" }
  | { readonly kind: "string"; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "instant" }
  | { readonly kind: "numericText" }
  | { readonly kind: "pattern"; readonly name: string; readonly source: string }
  | { readonly kind: "number"; readonly integer: boolean; readonly bounds: readonly NumberBound[] }
  | { readonly kind: "oneOf"; readonly values: readonly (string | number | boolean)[] }
  | { readonly kind: "array"; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "object"; readonly members: readonly MemberCheck[] }
  | { readonly kind: "anyOf"; readonly options: readonly FieldCheck[] };

/** A limit on a number; `inclusive` says whether the limit itself is allowed. */
export interface NumberBound {
  readonly side: "min" | "max";
  readonly value: number;
  readonly inclusive: boolean;
}

/** A member of a nested object. A member that is null counts as absent. */
export interface MemberCheck {
  readonly name: string;
  readonly required: boolean;
  readonly check: FieldCheck;
}

/** The kind of column that a field becomes in Parquet and in SQL. */
export type ColumnType = "text" | "instant" | "integer" | "double" | "boolean" | "json";

/** The column that holds a field's value: nested and mixed values are kept as their JSON text. */
export function columnType(check: FieldCheck): ColumnType {
  switch (check.kind) {
    case "string":
    case "pattern":
      return "text";
    case "instant":
      return "instant";
    case "boolean":
      return "boolean";
    case "numericText":
      return "double";
    case "number":
      return check.integer ? "integer" : "double";
    case "oneOf":
      return columnOfValues(check.values);
    case "anyOf":
      return columnOfOptions(check.options);
    case "any":
    case "array":
    case "object":
      return "json";
    default:
      return check satisfies never;
  }
}

function columnOfValues(values: readonly (string | number | boolean)[]): ColumnType {
  if (values.every((value) => typeof value === "boolean")) return "boolean";
  if (values.every((value) => typeof value === "number")) return "double";
  return "text";
}

/** Whether a string that is a number stands for that number in a field with this check. */
export function readsNumericText(check: FieldCheck): boolean {
  if (columnType(check) !== "double") return false;
  return check.kind === "numericText" || (check.kind === "anyOf" && check.options.some(readsNumericText));
}

/** Integers fit a column of doubles. Other scalars of several kinds share a text column: `3` and `"high"` are both readable there. */
function columnOfOptions(options: readonly FieldCheck[]): ColumnType {
  const types = new Set(options.map(columnType));
  const [only] = types;
  if (types.size === 1 && only !== undefined) return only;
  if ([...types].every((type) => type === "integer" || type === "double")) return "double";
  return types.has("json") ? "json" : "text";
}
