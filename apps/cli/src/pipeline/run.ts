import type { Engine } from "@medallion/engine";
import {
  type ChangedNumber,
  type DailyInput,
  type StageDailyOptions,
  stageDaily,
  stageDocuments,
  stagedChanges,
  staleDocuments,
} from "@medallion/gold";
import type { Commit, Lake, Transaction } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { type Day, nowMicros } from "@medallion/lake/time";
import { type Dataset, metrics, tasks } from "@medallion/schema";
import { describeDrift } from "@medallion/schema/evolution";
import {
  type DayDrift,
  driftOfPromotion,
  type StageQualityOptions,
  stageAggregates,
  stageQuality,
} from "@medallion/silver";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { dailyInputs } from "./daily.ts";
import {
  commitContent,
  longestLineOf,
  type PlannedPromotion,
  type PromotedDataset,
  planPromotions,
  promoteAll,
} from "./promotions.ts";
import { inTransaction, type SessionOptions, withEngine } from "./session.ts";
import { hasDaily, staleGold } from "./stale-gold.ts";

export interface PipelineOptions extends SessionOptions {
  /** In the order of their promotion. */
  readonly datasets: readonly Dataset[];
  /** JSON Schemas whose rules the data sets have. */
  readonly schemas: readonly DatasetSchemas[];
  readonly rebuild: boolean;
  /** Whether gold is made, too. */
  readonly gold: boolean;
  /** What the quality of days is judged by: all data sets, also those that are not promoted. */
  readonly quality: Pick<StageQualityOptions, "datasets" | "freshness">;
  /** A day whose daily document is to be there afterwards, also when it has no record. */
  readonly day: Day | null;
}

/** What a run did. */
export interface PipelineResult {
  readonly commit: Commit;
  readonly promoted: readonly PromotedDataset[];
  /** The documents made, of silver and gold. */
  readonly documents: readonly LakePath[];
  /** The numbers that were published before and are others now. */
  readonly changes: readonly ChangedNumber[];
  /** How the fields of the days touched came to differ from those of the days before. */
  readonly drift: readonly DayDrift[];
  /** The same in words. */
  readonly driftText: readonly string[];
}

const STEPS = { read: 0.1, merge: 0.5, write: 0.6 } as const;

/** Promotes what is new and makes the gold of every day touched, in one commit. Null when there was nothing to do. */
export async function runPipeline(lake: Lake, options: PipelineOptions): Promise<PipelineResult | null> {
  return await inTransaction(lake, options, async (transaction) => {
    const { onStep, rebuild, datasets } = options;
    onStep(0.02, "measure");
    const planned = await planPromotions(lake, transaction, datasets, rebuild);
    const stale = options.gold ? staleDays(transaction, options.day) : [];
    if (planned.length === 0 && stale.length === 0) return null;
    return await withEngine(lake, transaction, longestLineOf(planned), options, (engine) =>
      runWith(engine, lake, transaction, planned, stale, options),
    );
  });
}

/** The days whose daily documents are older than silver, and the one that was asked for when it has none. */
function staleDays({ state }: Transaction, day: Day | null): Day[] {
  const stale = staleGold(state, tasks.name);
  return day === null || stale.includes(day) || hasDaily(state, day) ? stale : [...stale, day];
}

async function runWith(
  engine: Engine,
  lake: Lake,
  transaction: Transaction,
  planned: readonly PlannedPromotion[],
  stale: readonly Day[],
  options: PipelineOptions,
): Promise<PipelineResult> {
  const { command, version, signal, onStep } = options;
  const processedAt = nowMicros();
  const place = { lake, engine, transaction };
  const promoted = await promoteAll(
    {
      ...place,
      processedAt,
      schemas: options.schemas,
      onStep: (dataset, step, index) => onStep((0.8 * (index + STEPS[step])) / planned.length, `${dataset}: ${step}`),
    },
    planned,
  );
  const documents: LakePath[] = [];
  const measured = promoted.find(({ plan }) => plan.dataset.name === metrics.name);
  if (measured !== undefined) {
    onStep(0.8, "metrics: aggregate");
    documents.push(...(await stageAggregates({ ...place, days: measured.promotion.days, processedAt })));
  }
  if (options.gold) {
    onStep(0.85, "gold");
    const found = promoted.find(({ plan }) => plan.dataset.name === tasks.name);
    const dataset = found?.plan.dataset ?? options.datasets.find(({ name }) => name === tasks.name) ?? tasks;
    const days = await dailyInputs(lake, transaction.state, dataset, found?.promotion ?? null, stale, options.day);
    documents.push(...(await stageGold({ ...place, dataset, generatedAt: processedAt }, days)));
  }
  const changes = await stagedChanges({ lake, transaction, paths: documents });
  if (options.gold) {
    onStep(0.9, "quality");
    const promotions = promoted.map(({ promotion }) => promotion);
    documents.push(...(await stageQuality({ ...place, ...options.quality, promotions, generatedAt: processedAt })));
  }
  const drift: DayDrift[] = [];
  for (const { promotion } of promoted) drift.push(...(await driftOfPromotion(lake, promotion)));
  const driftText = drift.flatMap(({ dataset, day, drift: found }) =>
    found.map((item) => `Drift in ${dataset} on ${day}: ${describeDrift(item)}.`),
  );
  signal.throwIfAborted();
  onStep(0.95, "commit");
  const commit = await transaction.commit({ command, version, ...commitContent(promoted) });
  return { commit, promoted, documents, changes, drift, driftText };
}

/** Stages the daily documents of the days touched, and every other document that has numbers of theirs. */
async function stageGold(place: Omit<StageDailyOptions, "days">, days: readonly DailyInput[]): Promise<LakePath[]> {
  const daily = await stageDaily({ ...place, days });
  const plan = staleDocuments(
    place.transaction.state,
    days.map(({ day }) => day),
  );
  return [...daily, ...(await stageDocuments({ ...place, changed: days, plan }))];
}
