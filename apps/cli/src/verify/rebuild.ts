import type { Engine } from "@medallion/engine";
import { type Lake, type LakeState, listBronze, type Transaction } from "@medallion/lake";
import type { Micros } from "@medallion/lake/time";
import { type Dataset, metrics } from "@medallion/schema";
import { measurePromotion, type PromotionPlan, partitionsOf, stageAggregates } from "@medallion/silver";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { type PlannedPromotion, type PromotedDataset, promoteAll } from "../pipeline/promotions.ts";

/** Plans to make the silver of data sets anew from what runs have read of bronze, and from nothing that came later. */
export async function planRebuild(
  lake: Lake,
  transaction: Transaction,
  datasets: readonly Dataset[],
): Promise<PlannedPromotion[]> {
  const planned: PlannedPromotion[] = [];
  for (const dataset of datasets) {
    const plan = await rebuildPlan(lake, transaction.state, dataset);
    const ranges = await measurePromotion(lake, transaction, plan);
    if (ranges.length > 0) planned.push({ plan, ranges });
  }
  return planned;
}

async function rebuildPlan(lake: Lake, state: LakeState, dataset: Dataset): Promise<PromotionPlan> {
  const listed = await listBronze(lake, dataset.folders.bronze);
  const files = listed.flatMap((file) => {
    const progress = state.files.get(file.path);
    if (progress === undefined || progress.retired || progress.dataset !== dataset.name) return [];
    return [{ ...file, size: progress.offset, dataset: dataset.name, from: 0 }];
  });
  const retiredDays = partitionsOf(state, dataset).flatMap(({ day, retired }) => (retired ? [day] : []));
  return { dataset, files, rebuild: true, reason: "asked for", retiredDays };
}

/** Stages silver as bronze gives it. */
export async function rebuildSilver(
  place: {
    readonly lake: Lake;
    readonly engine: Engine;
    readonly transaction: Transaction;
    readonly processedAt: Micros;
    readonly schemas: readonly DatasetSchemas[];
    readonly onStep: (dataset: string, index: number) => void;
  },
  planned: readonly PlannedPromotion[],
): Promise<PromotedDataset[]> {
  const promoted = await promoteAll({ ...place, onStep: (dataset, _, index) => place.onStep(dataset, index) }, planned);
  const measured = promoted.find(({ plan }) => plan.dataset.name === metrics.name);
  if (measured !== undefined) await stageAggregates({ ...place, days: measured.promotion.days });
  return promoted;
}
