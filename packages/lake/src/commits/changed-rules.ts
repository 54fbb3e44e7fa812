import type { LakeState } from "./state.ts";

/**
 * Whether silver of a data set was made by other rules than these, and can be made anew: partitions whose silver is
 * retired stay as they are.
 * @param hash the data set's `rulesHash`
 */
export function hasChangedRules(state: LakeState, dataset: string, hash: string): boolean {
  const made = state.rules.get(dataset);
  if (made === undefined || made.hash === hash) return false;
  return [...state.partitions.values()].some((partition) => partition.dataset === dataset && !partition.retired);
}
