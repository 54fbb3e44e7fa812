import { type LakeState, partitionFiles } from "@medallion/lake";
import type { Dataset } from "@medallion/schema";
import { rulesVersion } from "@medallion/schema/contract";
import { staleGold } from "../../pipeline/stale-gold.ts";
import { counted, someOf } from "../../terminal.ts";
import { type Check, failed, ok, warning } from "./check.ts";
import type { KnownFiles } from "./commits.ts";

/** Whether silver was made by the present rules. */
export function checkRules(state: LakeState, datasets: readonly Dataset[]): Check {
  const stale = datasets.filter(({ name, rulesHash }) => {
    const made = state.rules.get(name);
    return made !== undefined && made.hash !== rulesHash;
  });
  const names = stale.map((dataset) => `${dataset.name} (now ${rulesVersion(dataset)})`);
  return stale.length === 0
    ? ok("rules", "silver was made by the present rules")
    : warning("rules", `changed since silver was made: ${someOf(names)}`, "Run `medallion run`, which recomputes it.");
}

/** Whether every day has its numbers, made after its silver. */
export function checkGold(state: LakeState): Check {
  const stale = staleGold(state, "tasks");
  return stale.length === 0
    ? ok("gold", "every day has its numbers")
    : warning("gold", `missing or older than silver: ${someOf(stale)}`, "Run `medallion run`.");
}

/** Whether every partition with rows has its Parquet file. */
export function checkParquet(state: LakeState, datasets: readonly Dataset[], files: KnownFiles): Check {
  const folders = new Map(datasets.map(({ name, folders: { silver } }) => [name, silver]));
  const without: string[] = [];
  let count = 0;
  for (const { dataset, day, rows, retired } of state.partitions.values()) {
    const folder = folders.get(dataset);
    if (rows === 0 || retired || folder === undefined) continue;
    count += 1;
    const parts = partitionFiles(state, folder, day, "parquet");
    if (parts.length === 0 || !parts.every((file) => files.has(file))) without.push(`${dataset}/${day}`);
  }
  return without.length === 0
    ? ok("parquet", `${counted(count, "partition")} with rows, each with its file`)
    : failed("parquet", `missing for ${someOf(without)}`, "Run `medallion run --rebuild`.");
}
