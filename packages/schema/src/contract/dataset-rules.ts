import type { Computed } from "./computed.ts";
import { describeCheck } from "./describe.ts";
import type { DatasetField } from "./field.ts";
import type { RecordRule } from "./record-rule.ts";
import { expectedRule, negativeRule, RECORD_RULES, type Rule, requiredRule, validRule } from "./rules.ts";

/** Every rule of a data set: those of the record, then those of each field and each computed field. */
export function rulesOf(
  fields: readonly DatasetField[],
  computed: Readonly<Record<string, Computed>>,
  recordRules: readonly RecordRule[],
): Rule[] {
  const rules: Rule[] = Object.values(RECORD_RULES);
  for (const { name, required, check, expected } of fields) {
    const must = `"${name}" must be ${describeCheck(check)}`;
    if (required) {
      const from = `"${name}" must be there and not null`;
      rules.push({ id: requiredRule(name), severity: "quarantine", field: name, mayWarn: false, description: from });
    }
    if (check.kind !== "any") {
      const severity = required ? "quarantine" : "warn";
      rules.push({ id: validRule(name), severity, field: name, mayWarn: !required, description: must });
    }
    if (expected !== null) {
      const known = `"${name}" should be ${describeCheck(expected)}`;
      rules.push({ id: expectedRule(name), severity: "warn", field: name, mayWarn: true, description: known });
    }
  }
  for (const [name, rule] of Object.entries(computed)) {
    if (rule.kind !== "secondsBetween") continue;
    const order = `"${rule.to}" should not be before "${rule.from}"`;
    rules.push({ id: negativeRule(name), severity: "warn", field: name, mayWarn: true, description: order });
  }
  for (const { id, condition, onViolation } of recordRules) {
    const must = `the record must keep ${condition}`;
    rules.push({ id, severity: onViolation, field: null, mayWarn: true, description: must });
  }
  return rules;
}
