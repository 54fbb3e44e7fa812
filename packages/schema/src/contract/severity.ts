import { SchemaError } from "../errors.ts";
import type { Rule, Severity } from "./rules.ts";

/** What of a data set decides which severities its rules can have. */
interface RuledDataset {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/**
 * Checks that a rule can have a severity.
 * @throws SchemaError RULE_UNKNOWN, SEVERITY_INVALID
 */
export function checkSeverity(dataset: RuledDataset, id: string, severity: Severity): void {
  const facts = { dataset: dataset.name, rule: id, severity };
  const rule = dataset.rules.find((known) => known.id === id);
  if (rule === undefined) {
    const known = dataset.rules.map((item) => item.id).join(", ");
    throw new SchemaError(
      "RULE_UNKNOWN",
      `Data set "${dataset.name}": expected the id of one of its rules, found "${id}". Its rules are ${known}.`,
      facts,
    );
  }
  if (severity !== "warn" || rule.mayWarn) return;
  throw new SchemaError(
    "SEVERITY_INVALID",
    `Data set "${dataset.name}": expected "quarantine" or "fail" for the rule "${id}", found "warn": without it there is no record to keep. Make the field optional instead.`,
    facts,
  );
}
