import {
  hasChangedRules,
  type Lake,
  type LakeState,
  listBronze,
  type PartitionTotals,
  type PendingFile,
  pendingBronze,
  takesPart,
} from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";

/** What a promotion is going to read, and why. Plain data: planning changes nothing and opens no data file. */
export interface PromotionPlan {
  readonly dataset: Dataset;
  readonly files: readonly PendingFile[];
  /** Whether silver is made anew from all of bronze. */
  readonly rebuild: boolean;
  readonly reason: "nothing new" | "new bronze" | "changed rules" | "asked for";
  /** The days whose silver is retired: they are not written any more. */
  readonly retiredDays: readonly Day[];
}

/**
 * Plans the promotion of a data set: what is new in bronze, or all of it when the rules have changed since silver was
 * made or when a rebuild is asked for.
 */
export async function planPromotion(
  lake: Lake,
  state: LakeState,
  dataset: Dataset,
  options: { readonly rebuild?: boolean } = {},
): Promise<PromotionPlan> {
  const pending = await pendingRecords(lake, state, dataset);
  const retiredDays = partitionsOf(state, dataset)
    .filter((partition) => partition.retired)
    .map((partition) => partition.day);
  const changed = hasChangedRules(state, dataset.name, dataset.rulesHash);
  if (options.rebuild === true || changed) {
    const listed = await listBronze(lake, dataset.folders.bronze);
    const files = listed
      .filter((file) => file.size > 0 && takesPart(dataset.part, file.part))
      .map((file) => ({ ...file, dataset: dataset.name, from: 0 }));
    return {
      dataset,
      files,
      rebuild: true,
      reason: options.rebuild === true ? "asked for" : "changed rules",
      retiredDays,
    };
  }
  const reason = pending.length > 0 ? "new bronze" : "nothing new";
  return { dataset, files: pending, rebuild: false, reason, retiredDays };
}

/** The bronze of a data set that no commit has read. */
export async function pendingRecords(lake: Lake, state: LakeState, dataset: Dataset): Promise<PendingFile[]> {
  const pending = await pendingBronze(lake, state, dataset.name, dataset.folders.bronze);
  return pending.filter((file) => takesPart(dataset.part, file.part));
}

/** The partitions of a data set that the commit log knows. */
export function partitionsOf(state: LakeState, dataset: Dataset): PartitionTotals[] {
  return [...state.partitions.values()].filter((partition) => partition.dataset === dataset.name);
}
