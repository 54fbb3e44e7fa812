import { changeAt, type SchemaChange } from "./schema-change.ts";

/** Keywords that bound a number, by the side on which they do. */
const SIDES = new Map<string, "min" | "max">([
  ["minimum", "min"],
  ["exclusiveMinimum", "min"],
  ["minLength", "min"],
  ["minItems", "min"],
  ["minProperties", "min"],
  ["maximum", "max"],
  ["exclusiveMaximum", "max"],
  ["maxLength", "max"],
  ["maxItems", "max"],
  ["maxProperties", "max"],
]);

/**
 * Compares the old and the new value of a keyword that is a bound, undefined where the schema has none.
 * @returns null for a keyword that is no bound, or whose values are not numbers
 */
export function compareBounds(keyword: string, old: unknown, now: unknown, path: string): SchemaChange[] | null {
  const side = SIDES.get(keyword);
  const isBound = (value: unknown) => value === undefined || typeof value === "number";
  if (side === undefined || !isBound(old) || !isBound(now)) return null;
  const none = side === "min" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const [was, is] = [typeof old === "number" ? old : none, typeof now === "number" ? now : none];
  const wider = side === "min" ? is <= was : is >= was;
  const text = `${keyword} ${old ?? "none"} became ${now ?? "none"}`;
  return [changeAt(path, text, wider, !wider)];
}
