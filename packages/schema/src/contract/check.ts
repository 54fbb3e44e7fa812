/**
 * What a field must be, as plain data: the meeting point of zod (which services run) and SQL (which engines run).
 * Silver turns each of these into one SQL predicate; `compile` makes them from zod.
 */
export type FieldCheck =
  | { readonly kind: "any" }
  | { readonly kind: "boolean" }
  | { readonly kind: "string"; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "instant" }
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

/** Scalars of several kinds share a text column: `3` and `"high"` are both readable there. */
function columnOfOptions(options: readonly FieldCheck[]): ColumnType {
  const types = new Set(options.map(columnType));
  const [only] = types;
  if (types.size === 1 && only !== undefined) return only;
  return types.has("json") ? "json" : "text";
}
