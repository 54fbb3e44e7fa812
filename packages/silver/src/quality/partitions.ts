import {
  addCounts,
  type Lake,
  type LakeState,
  type PartitionTotals,
  partitionFiles,
  partitionKey,
} from "@medallion/lake";
import { type LakePath, resolveInLake, silverPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import type { FieldProfile } from "@medallion/schema/evolution";
import { readProfile } from "../profile/stage.ts";
import type { Promotion } from "../promote/promote.ts";

/** A day of a data set as it is once the transaction is committed. */
export interface QualityPartition {
  readonly day: Day;
  readonly totals: PartitionTotals;
  /** The first part of the day's silver, which names the partition. */
  readonly file: LakePath;
  /** Absolute paths of the day's silver in Parquet; none when it has no rows, or is retired. */
  readonly paths: readonly string[];
}

/** A data set with all its days, in order. */
export interface QualityDataset {
  readonly dataset: Dataset;
  readonly partitions: ReadonlyMap<Day, QualityPartition>;
  profileOf(day: Day): Promise<FieldProfile | null>;
}

/** The partitions of data sets, those that promotions have staged as they were staged. */
export async function qualityDatasets(
  lake: Lake,
  state: LakeState,
  datasets: readonly Dataset[],
  promotions: readonly Promotion[],
): Promise<QualityDataset[]> {
  const all: QualityDataset[] = [];
  for (const dataset of datasets) {
    const promotion = promotions.find((item) => item.dataset.name === dataset.name);
    const totals = new Map<Day, PartitionTotals>();
    for (const item of state.partitions.values()) if (item.dataset === dataset.name) totals.set(item.day, item);
    for (const counts of promotion?.partitions ?? []) {
      const earlier = state.partitions.get(partitionKey(dataset.name, counts.day));
      totals.set(counts.day, addCounts(earlier, counts, null, state.last + 1));
    }
    const partitions = new Map<Day, QualityPartition>();
    for (const [day, item] of [...totals].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { silver } = dataset.folders;
      const paths = await pathsOf(lake, promotion, item, partitionFiles(state, silver, day, "parquet"));
      partitions.set(day, { day, totals: item, file: silverPath(silver, day, "parquet"), paths });
    }
    const profileOf = async (day: Day) =>
      promotion?.profiles.get(day)?.after ?? (await readProfile(lake, dataset.name, day));
    all.push({ dataset, partitions, profileOf });
  }
  return all;
}

async function pathsOf(
  lake: Lake,
  promotion: Promotion | undefined,
  { day, rows, retired }: PartitionTotals,
  files: readonly LakePath[],
): Promise<readonly string[]> {
  if (rows === 0 || retired) return [];
  const staged = promotion?.days.get(day);
  if (staged !== undefined) return staged;
  const paths: string[] = [];
  for (const file of files) {
    const path = await resolveInLake(lake, file);
    if ((await lake.storage.status(path)) === null) return [];
    paths.push(path);
  }
  return paths;
}
