import { staleDocuments } from "@medallion/gold";
import type { Lake, LakeState, PendingFile } from "@medallion/lake";
import { dailyPath, type LakePath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type Dataset, tasks } from "@medallion/schema";
import { type PromotionPlan, partitionsOf, planPromotion } from "@medallion/silver";
import { staleGold } from "../pipeline/stale-gold.ts";
import { pendingDays } from "./pending-days.ts";

/**
 * Why a run writes a partition. `late data`: the partition is there, and records of it have come on a later day;
 * `retired`: its silver is retired, so that the records will be set aside.
 */
type PartitionReason = "new data" | "late data" | "retired" | "changed rules" | "asked for";

interface PartitionPlan {
  readonly day: Day;
  readonly reasons: readonly PartitionReason[];
  /** Records that are new in bronze. */
  readonly records: number;
}

export interface DatasetPlan {
  readonly dataset: string;
  readonly reason: PromotionPlan["reason"];
  /** The bytes [`from`, `size`) of bronze that will be read. */
  readonly files: readonly Pick<PendingFile, "path" | "from" | "size">[];
  readonly partitions: readonly PartitionPlan[];
}

interface DocumentPlan {
  readonly path: LakePath;
  readonly reason: "missing" | "out of date" | "its silver changes";
}

/** What a run would do. Plain data. */
export interface RunPlan {
  readonly datasets: readonly DatasetPlan[];
  readonly gold: readonly DocumentPlan[];
}

/**
 * Plans what a run would do, without a lock, an engine or a change. Of new bronze it reads the times of the records.
 * @throws LakeError BRONZE_TRUNCATED, STORAGE_FAILED
 */
export async function planRun(
  lake: Lake,
  state: LakeState,
  datasets: readonly Dataset[],
  rebuild: boolean,
): Promise<RunPlan> {
  const plans: DatasetPlan[] = [];
  for (const dataset of datasets) plans.push(await planDataset(lake, state, dataset, rebuild));
  const touched = plans.find((plan) => plan.dataset === tasks.name)?.partitions ?? [];
  return { datasets: plans, gold: planGold(state, touched) };
}

async function planDataset(lake: Lake, state: LakeState, dataset: Dataset, rebuild: boolean): Promise<DatasetPlan> {
  const plan = await planPromotion(lake, state, dataset, { rebuild });
  const known = new Map(partitionsOf(state, dataset).map((partition) => [partition.day, partition]));
  const partitions = new Map<Day, { readonly reasons: Set<PartitionReason>; records: number }>();
  const noted = (day: Day, reason: PartitionReason) => {
    const entry = partitions.get(day) ?? { reasons: new Set<PartitionReason>(), records: 0 };
    partitions.set(day, entry);
    entry.reasons.add(reason);
    return entry;
  };
  if (plan.reason === "changed rules" || plan.reason === "asked for") {
    for (const [day, { retired }] of known) if (!retired) noted(day, plan.reason);
  }
  for (const file of plan.files) {
    const progress = state.files.get(file.path);
    const from = progress === undefined || progress.retired ? 0 : progress.offset;
    if (from >= file.size) continue;
    for (const [day, records] of await pendingDays(lake, dataset, { ...file, from })) {
      const partition = known.get(day);
      const isLate = partition !== undefined && day < file.day;
      noted(day, partition?.retired === true ? "retired" : isLate ? "late data" : "new data").records += records;
    }
  }
  // Changed rules without any bronze are nothing that a run could apply.
  const reason = plan.files.length === 0 ? "nothing new" : plan.reason;
  const files = plan.files.map(({ path, from, size }) => ({ path, from, size }));
  const list = [...partitions].map(([day, { reasons, records }]) => ({ day, reasons: [...reasons], records }));
  return { dataset: dataset.name, reason, files, partitions: list.sort(byDay) };
}

function planGold(state: LakeState, touched: readonly PartitionPlan[]): DocumentPlan[] {
  const changed = touched.filter(({ reasons }) => !reasons.every((reason) => reason === "retired"));
  const days = new Set([...changed.map(({ day }) => day), ...staleGold(state, tasks.name)]);
  const daily = [...days].sort().map((day): DocumentPlan => {
    const path = dailyPath(day);
    if (!state.gold.has(path)) return { path, reason: "missing" };
    return { path, reason: changed.some((partition) => partition.day === day) ? "its silver changes" : "out of date" };
  });
  const others = staleDocuments(state, days).map(({ path }) => ({ path, reason: "its silver changes" as const }));
  return [...daily, ...others];
}

function byDay(a: PartitionPlan, b: PartitionPlan): number {
  return a.day < b.day ? -1 : 1;
}
