import type { LakeState, PartitionTotals } from "@medallion/lake";
import type { DatasetRetention } from "@medallion/lake/retention";
import type { Dataset } from "@medallion/schema";
import { type Config, type Retention, settingOf } from "../config/config.ts";
import { staleGold } from "../pipeline/stale-gold.ts";

/** Folders of silver with what is computed from the partitions of a data set. */
const DERIVED: ReadonlyMap<string, readonly string[]> = new Map([["metrics", ["aggregated-metrics"]]]);

/** How long each data set is kept, as the configuration says. */
export function retentionPolicy(config: Pick<Config, "retention">, datasets: readonly Dataset[]): DatasetRetention[] {
  return datasets.map((dataset) => {
    const { bronze, silver } = settingOf<Retention>(config.retention, dataset.name);
    return {
      name: dataset.name,
      bronzeFolder: dataset.folders.bronze,
      silverFolders: [dataset.folders.silver, ...(DERIVED.get(dataset.name) ?? [])],
      part: dataset.part,
      bronze,
      silver,
    };
  });
}

/** Whether the next run will read a partition's silver: its rules have changed, or its daily numbers are to be made. */
export function neededByRun(state: LakeState, datasets: readonly Dataset[]): (partition: PartitionTotals) => boolean {
  const stale = new Set(staleGold(state, "tasks"));
  const hashes = new Map(datasets.map((dataset) => [dataset.name, dataset.rulesHash]));
  return ({ dataset, day, rules }) =>
    (dataset === "tasks" && stale.has(day)) || (rules !== null && rules.hash !== hashes.get(dataset));
}
