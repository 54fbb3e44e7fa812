import type { ColumnType } from "../column-type.ts";
import { parseCondition, parseExpression } from "../expression/parse.ts";
import { printExpression } from "../expression/print.ts";
import { columnType } from "./column.ts";
import type { Computed } from "./computed.ts";
import type { DatasetField } from "./field.ts";
import type { RecordRule } from "./record-rule.ts";

/** The types of the fields that expressions may name. */
export function fieldTypes(fields: readonly DatasetField[]): ReadonlyMap<string, ColumnType> {
  return new Map(fields.map(({ name, check }) => [name, columnType(check)]));
}

/**
 * Computed fields with their expressions in one spelling.
 * @throws SchemaError EXPRESSION_INVALID
 */
export function checkedComputed(
  fields: readonly DatasetField[],
  computed: Readonly<Record<string, Computed>>,
): Readonly<Record<string, Computed>> {
  const types = fieldTypes(fields);
  return Object.fromEntries(
    Object.entries(computed).map(([name, item]) => [
      name,
      item.kind === "expression" ? { ...item, text: printExpression(parseExpression(item.text, types)) } : item,
    ]),
  );
}

/**
 * Rules with their conditions in one spelling.
 * @throws SchemaError EXPRESSION_INVALID
 */
export function checkedRules(fields: readonly DatasetField[], rules: readonly RecordRule[]): readonly RecordRule[] {
  const types = fieldTypes(fields);
  return rules.map((rule) => ({ ...rule, condition: printExpression(parseCondition(rule.condition, types)) }));
}
