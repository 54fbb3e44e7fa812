import type { DailyInput } from "@medallion/gold";
import { addCounts, type Lake, type LakeState, type PartitionTotals, partitionFiles } from "@medallion/lake";
import { resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type Promotion, partitionsOf } from "@medallion/silver";

/** The days whose documents are to be made: those touched by a promotion and those that are stale. */
export async function dailyInputs(
  lake: Lake,
  state: LakeState,
  dataset: Dataset,
  promotion: Promotion | null,
  stale: readonly Day[],
  wanted: Day | null,
): Promise<DailyInput[]> {
  const earlier = new Map(partitionsOf(state, dataset).map((totals) => [totals.day, totals]));
  const inputs = new Map<Day, DailyInput>();
  for (const counts of promotion?.partitions ?? []) {
    const totals = addCounts(earlier.get(counts.day), counts, null, state.last + 1);
    inputs.set(counts.day, { day: counts.day, paths: promotion?.days.get(counts.day) ?? [], totals });
  }
  for (const day of stale) {
    if (inputs.has(day)) continue;
    const totals = earlier.get(day) ?? noRecords(dataset.name, day);
    const files =
      totals.rows === 0 || totals.retired ? [] : partitionFiles(state, dataset.folders.silver, day, "parquet");
    const paths = await Promise.all(files.map((file) => resolveInLake(lake, file)));
    inputs.set(day, { day, paths, totals, wanted: day === wanted });
  }
  return [...inputs.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** The totals of a day of which no record has been read. */
function noRecords(dataset: string, day: Day): PartitionTotals {
  const none = { read: 0, accepted: 0, duplicate: 0, quarantined: 0, superseded: 0, rows: 0 };
  return { dataset, day, ...none, sources: [], rejects: {}, warnings: {}, rules: null, commit: 0, retired: false };
}
