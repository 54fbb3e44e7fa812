import { LakeError } from "../errors.ts";
import { isCount } from "../fields.ts";
import type { PartitionCounts } from "./commit.ts";

const COUNTED = ["read", "accepted", "duplicate", "quarantined", "superseded"] as const;

/** The counts of a partition that must balance. */
export type BalancedCounts = Pick<PartitionCounts, "dataset" | "day" | "rows" | (typeof COUNTED)[number]>;

/**
 * Checks that every record read went somewhere: `read = accepted + duplicate + quarantined`, `rows = accepted -
 * superseded`, all of them whole numbers >= 0 but for `rows`, which a partition may lose to another one.
 * @throws LakeError `COUNTS_DO_NOT_BALANCE`
 */
export function checkBalance(counts: BalancedCounts): void {
  const { dataset, day, read, accepted, duplicate, quarantined, superseded, rows } = counts;
  const refuse = (expected: string, found: string) => {
    throw new LakeError(
      "COUNTS_DO_NOT_BALANCE",
      `The counts of ${dataset} on ${day} do not balance: expected ${expected}, found ${found}. Nothing was committed; please report this, it is a fault of Medallion or of a rule.`,
      { dataset, day, read, accepted, duplicate, quarantined, superseded, rows },
    );
  };
  for (const name of COUNTED) {
    if (!isCount(counts[name])) refuse(`${name} to be a whole number >= 0`, String(counts[name]));
  }
  const sum = accepted + duplicate + quarantined;
  if (read !== sum) {
    refuse(
      `read = accepted + duplicate + quarantined`,
      `${read} and ${accepted} + ${duplicate} + ${quarantined} = ${sum}`,
    );
  }
  if (rows !== accepted - superseded) {
    refuse("rows = accepted - superseded", `${rows} and ${accepted} - ${superseded} = ${accepted - superseded}`);
  }
}
