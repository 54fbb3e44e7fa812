import { breaksCondition } from "../expression/evaluate.ts";
import { instantMicros } from "../expression/instant-micros.ts";
import { parseCondition } from "../expression/parse.ts";
import { columnType } from "./column.ts";
import type { Dataset } from "./dataset.ts";
import { fieldTypes } from "./expressions.ts";

/**
 * The rules over several fields that a record breaks.
 * @param valid the fields that are there and fit
 */
export function brokenRules(
  { fields, recordRules }: Pick<Dataset, "fields" | "recordRules">,
  valid: { readonly [field: string]: unknown },
): { readonly rule: string; readonly reason: string }[] {
  if (recordRules.length === 0) return [];
  const types = fieldTypes(fields);
  const values = new Map(
    fields.map(({ name, check }) => {
      const value = Object.hasOwn(valid, name) ? valid[name] : undefined;
      return [name, columnValueOf(columnType(check), value)];
    }),
  );
  return recordRules.flatMap(({ id, condition }) =>
    breaksCondition(parseCondition(condition, types), values)
      ? [{ rule: id, reason: `the record must keep ${condition}` }]
      : [],
  );
}

/** A value as its column holds it. */
function columnValueOf(type: ReturnType<typeof columnType>, value: unknown): unknown {
  if (type === "instant") return typeof value === "string" ? instantMicros(value) : null;
  if (type === "double" && typeof value === "string") return Number(value);
  if (type === "text" && (typeof value === "number" || typeof value === "boolean")) return JSON.stringify(value);
  return value ?? null;
}
