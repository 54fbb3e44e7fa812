import type { Dataset, Severity } from "@medallion/schema";
import { SilverError } from "../errors.ts";
import type { PartitionTally } from "./counts.ts";

/** How many of the records that were read kept a rule, and how many broke it. */
export interface RuleCounts {
  readonly id: string;
  readonly severity: Severity;
  readonly passed: number;
  readonly failed: number;
}

/**
 * Counts by rule, for every rule of the data set. What cannot be read as a record is checked against the rules of the
 * record only; warnings are counted of the records that are not set aside.
 */
export function ruleCounts(dataset: Dataset, tallies: readonly PartitionTally[]): RuleCounts[] {
  const sum = (of: (tally: PartitionTally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const read = sum((tally) => tally.read);
  const quarantined = sum((tally) => tally.quarantined);
  const failedOf = (id: string) => sum((tally) => (tally.broken[id] ?? 0) + (tally.warnings[id] ?? 0));
  const ofRecord = dataset.rules.filter((rule) => rule.field === null && rule.id.startsWith("record."));
  const unread = ofRecord.reduce((total, rule) => total + failedOf(rule.id), 0);
  return dataset.rules.map((rule) => {
    const failed = failedOf(rule.id);
    const checked = ofRecord.includes(rule) ? read : rule.severity === "warn" ? read - quarantined : read - unread;
    return { id: rule.id, severity: rule.severity, passed: checked - failed, failed };
  });
}

/** @throws SilverError RULE_FAILED when a record breaks a rule of severity `fail` */
export function checkNoFailure(dataset: Dataset, counts: readonly RuleCounts[]): void {
  const failed = counts.filter((rule) => rule.severity === "fail" && rule.failed > 0);
  const [first] = failed;
  if (first === undefined) return;
  const list = failed.map((rule) => `${rule.id} (${rule.failed} of ${rule.failed + rule.passed})`).join(", ");
  throw new SilverError(
    "RULE_FAILED",
    `Expected every record of ${dataset.name} to keep the rules of severity "fail", found broken: ${list}. Nothing was committed. Mend the records or set another severity in the configuration.`,
    { dataset: dataset.name, rule: first.id, failed: first.failed },
  );
}
