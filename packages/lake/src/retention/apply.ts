import type { Commit, RetiredPartition } from "../commits/commit.ts";
import type { Transaction } from "../transaction/transaction.ts";
import type { RetentionItem, RetentionPlan } from "./plan.ts";

/** What a plan removes. */
export function removals(plan: RetentionPlan): RetentionItem[] {
  return plan.items.filter((item) => item.kept === null);
}

/** The silver partitions that a plan retires. */
export function retirements(plan: RetentionPlan): RetiredPartition[] {
  return removals(plan)
    .filter((item) => item.layer === "silver")
    .map(({ dataset, day }) => ({ dataset, day }));
}

/**
 * Removes what a plan says, as one commit, with whatever else the transaction has staged.
 * @param plan made from `transaction.state`
 * @throws LakeError `LAKE_INVALID` when a bronze file has got bytes since it was planned: plan again
 * @throws LakeError as `Transaction.commit`
 */
export async function applyRetention(
  transaction: Transaction,
  plan: RetentionPlan,
  content: Pick<Commit, "command" | "version">,
): Promise<Commit> {
  for (const { files } of removals(plan)) for (const { file } of files) transaction.remove(file);
  const { command, version } = content;
  return transaction.commit({ command, version, reads: [], partitions: [], rules: {}, retired: retirements(plan) });
}
