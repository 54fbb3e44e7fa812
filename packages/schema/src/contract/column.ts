import type { ColumnType } from "../column-type.ts";
import type { FieldCheck } from "./field-check.ts";

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
