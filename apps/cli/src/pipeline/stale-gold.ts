import type { LakeState } from "@medallion/lake";
import { dailyPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";

/** The days whose silver was written after their daily document, or that have none. */
export function staleGold(state: LakeState, dataset: string): Day[] {
  const days: Day[] = [];
  for (const partition of state.partitions.values()) {
    if (partition.dataset !== dataset || partition.read === 0) continue;
    const made = state.gold.get(dailyPath(partition.day));
    if (made === undefined || made.commit < partition.commit) days.push(partition.day);
  }
  return days.sort();
}

/** Whether there is a daily document of a day, be it out of date. */
export function hasDaily(state: LakeState, day: Day): boolean {
  return state.gold.has(dailyPath(day));
}
