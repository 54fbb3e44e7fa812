import type { ColumnType } from "../column-type.ts";
import { breaksCondition } from "../expression/evaluate.ts";
import type { Expression } from "../expression/expression.ts";
import { instantMicros } from "../expression/instant-micros.ts";
import { parseCondition } from "../expression/parse.ts";
import { columnType } from "./column.ts";
import type { Dataset } from "./dataset.ts";
import { fieldTypes } from "./expressions.ts";
import type { RecordRule } from "./record-rule.ts";

type RuledFields = Pick<Dataset, "fields" | "recordRules">;

/** A rule over several fields, as {@link brokenRules} evaluates it. */
interface ParsedRule extends Pick<RecordRule, "id" | "condition"> {
  readonly expression: Expression;
}

/** The rules of data sets of which a record was checked: they are the same for the next record. */
const parsed = new WeakMap<RuledFields, readonly ParsedRule[]>();

/**
 * The rules over several fields that a record breaks.
 * @param valid the fields that are there and fit
 */
export function brokenRules(
  dataset: RuledFields,
  valid: { readonly [field: string]: unknown },
): { readonly rule: string; readonly reason: string }[] {
  if (dataset.recordRules.length === 0) return [];
  const values = new Map(
    dataset.fields.map(({ name, check }) => {
      const value = Object.hasOwn(valid, name) ? valid[name] : undefined;
      return [name, columnValueOf(columnType(check), value)];
    }),
  );
  return parsedRules(dataset)
    .filter(({ expression }) => breaksCondition(expression, values))
    .map(({ id, condition }) => ({ rule: id, reason: `the record must keep ${condition}` }));
}

function parsedRules(dataset: RuledFields): readonly ParsedRule[] {
  const known = parsed.get(dataset);
  if (known !== undefined) return known;
  const types = fieldTypes(dataset.fields);
  const rules = dataset.recordRules.map(({ id, condition }) => {
    return { id, condition, expression: parseCondition(condition, types) };
  });
  parsed.set(dataset, rules);
  return rules;
}

/** A value as its column holds it. */
function columnValueOf(type: ColumnType, value: unknown): unknown {
  if (type === "instant") return typeof value === "string" ? instantMicros(value) : null;
  if (type === "double" && typeof value === "string") return Number(value);
  if (type === "text" && (typeof value === "number" || typeof value === "boolean")) return JSON.stringify(value);
  return value ?? null;
}
