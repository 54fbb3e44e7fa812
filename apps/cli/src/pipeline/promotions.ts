import { join } from "node:path";
import type { Engine } from "@medallion/engine";
import type { Lake, PartitionCounts, Transaction } from "@medallion/lake";
import type { Micros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import {
  type BronzeRange,
  longestLineBytes,
  measurePromotion,
  type Promotion,
  type PromotionPlan,
  type PromotionStep,
  planPromotion,
  promote,
} from "@medallion/silver";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { checkLines } from "../json-schemas/check-lines.ts";

/** What a run is going to read of one data set. */
export interface PlannedPromotion {
  readonly plan: PromotionPlan;
  readonly ranges: readonly BronzeRange[];
}

/** What a run has staged of one data set. */
export interface PromotedDataset {
  readonly plan: PromotionPlan;
  readonly promotion: Promotion;
}

/** Finds out what is new of every data set; those of which nothing is are left out. */
export async function planPromotions(
  lake: Lake,
  transaction: Transaction,
  datasets: readonly Dataset[],
  rebuild: boolean,
): Promise<PlannedPromotion[]> {
  const planned: PlannedPromotion[] = [];
  for (const dataset of datasets) {
    const plan = await planPromotion(lake, transaction.state, dataset, { rebuild });
    if (plan.reason === "nothing new") continue;
    const ranges = await measurePromotion(lake, transaction, plan);
    if (ranges.length > 0) planned.push({ plan, ranges });
  }
  return planned;
}

/** The longest line that any of the data sets reads, in bytes. */
export function longestLineOf(planned: readonly PlannedPromotion[]): number {
  return Math.max(0, ...planned.map(({ ranges }) => longestLineBytes(ranges)));
}

/** Promotes the data sets, one after the other. */
export async function promoteAll(
  options: {
    readonly lake: Lake;
    readonly engine: Engine;
    readonly transaction: Transaction;
    readonly processedAt: Micros;
    readonly onStep: (dataset: string, step: PromotionStep, index: number) => void;
    /** JSON Schemas that records are checked against. */
    readonly schemas: readonly DatasetSchemas[];
  },
  planned: readonly PlannedPromotion[],
): Promise<PromotedDataset[]> {
  const { onStep, schemas, ...place } = options;
  const promoted: PromotedDataset[] = [];
  for (const [index, { plan, ranges }] of planned.entries()) {
    const { name } = plan.dataset;
    const promotion = await promote({
      ...place,
      plan,
      ranges,
      external: await checkLines(name, ranges, schemas, join(place.transaction.folder, `violations-${name}.jsonl`)),
      onStep: (step) => onStep(name, step, index),
    });
    promoted.push({ plan, promotion });
  }
  return promoted;
}

/** What a commit says of promotions. */
export function commitContent(promoted: readonly PromotedDataset[]) {
  const partitions: PartitionCounts[] = promoted.flatMap(({ promotion }) => promotion.partitions);
  return {
    partitions,
    reads: promoted.flatMap(({ promotion }) => promotion.reads),
    rules: Object.fromEntries(
      promoted.map(({ plan: { dataset } }) => [dataset.name, { version: dataset.version, hash: dataset.rulesHash }]),
    ),
    rows: Object.assign({}, ...promoted.map(({ promotion }) => promotion.rows)) satisfies Record<string, number>,
  };
}
