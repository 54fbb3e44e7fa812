import { type LakeState, type PartitionTotals, partitionKey } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import type { Difference } from "@medallion/lake/verify";
import type { PromotedDataset } from "../pipeline/promotions.ts";

/** The file of the commit that wrote a partition last. */
export type CommitFileOf = (commit: number) => LakePath;

/** Compares the counts that the log has of partitions with those that bronze gives. Partitions whose bronze is gone are left out. */
export function compareCounts(
  state: LakeState,
  promoted: readonly PromotedDataset[],
  fileOf: CommitFileOf,
): Difference[] {
  const differences: Difference[] = [];
  for (const { plan, promotion } of promoted) {
    const rebuilt = new Map(promotion.partitions.map((counts) => [partitionKey(counts.dataset, counts.day), counts]));
    for (const totals of state.partitions.values()) {
      if (totals.dataset !== plan.dataset.name || totals.retired || !isWhole(state, totals)) continue;
      const found = rebuilt.get(partitionKey(totals.dataset, totals.day));
      const expected = countsOf(found);
      const logged = countsOf(totals);
      if (expected === logged) continue;
      const problem = `${totals.dataset} on ${totals.day}: bronze gives ${expected}, the commits say ${logged}`;
      differences.push({ file: fileOf(totals.commit), kind: "changed", problem });
    }
  }
  return differences;
}

function isWhole(state: LakeState, totals: PartitionTotals): boolean {
  return totals.sources.every((source) => state.files.get(source)?.retired === false);
}

/** Which record of several equal ones is the duplicate depends on the runs in which they were read; how many there are does not. */
function countsOf(counts: Pick<PartitionTotals, "read" | "quarantined" | "rows" | "rejects"> | undefined): string {
  const { read, quarantined, rows, rejects } = counts ?? { read: 0, quarantined: 0, rows: 0, rejects: {} };
  const byRule = Object.entries(rejects).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${read} read, ${rows} rows, ${quarantined} quarantined (${byRule.map(([rule, count]) => `${rule} ${count}`).join(", ")})`;
}
