import type { Engine } from "@medallion/engine";
import {
  type DailyInput,
  isStates,
  type StaleDocument,
  stageDaily,
  stageDocuments,
  staleDocuments,
} from "@medallion/gold";
import type { Lake, LakeState, Transaction } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import type { Day, Micros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type Promotion, partitionsOf } from "@medallion/silver";
import { dailyInputs } from "../pipeline/daily.ts";

/** The documents of gold that can be made again: those that are neither older than silver nor made of silver that is gone. */
export interface GoldPlan {
  readonly days: readonly Day[];
  readonly documents: readonly StaleDocument[];
  /** Documents that cannot be made again, with the reason. */
  readonly left: readonly { readonly file: LakePath; readonly reason: string }[];
}

const DAILY = /^gold\/analytics\/daily-([0-9]{8})\.json$/;

/** Finds out which documents can be made again. The kinds of documents are those that `staleDocuments` knows, and daily ones. */
export function planGold(state: LakeState, dataset: Dataset): GoldPlan {
  const partitions = partitionsOf(state, dataset);
  const retired = partitions.flatMap(({ day, retired }) => (retired ? [day] : []));
  const newerThan = (commit: number) => partitions.flatMap((item) => (item.commit > commit ? [item.day] : []));
  const every = partitions.map(({ day }) => day);
  const known = new Map(staleDocuments(state, every).map((document) => [document.path, document]));
  const unrepeatable = new Set(staleDocuments(state, retired).map(({ path }) => path));
  const days: Day[] = [];
  const documents: StaleDocument[] = [];
  const left: { file: LakePath; reason: string }[] = [];
  for (const [file, { commit }] of [...state.gold].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (file.startsWith("gold/quality/")) {
      left.push({
        file,
        reason: "quality depends on the time at which it was measured, so only the hash was compared",
      });
      continue;
    }
    // Made with the daily document beside it.
    if (isStates(file)) continue;
    const day = DAILY.exec(file)?.[1];
    const document = known.get(file);
    const newer = newerThan(commit);
    if (day !== undefined && newer.includes(day)) left.push({ file, reason: "it is older than its silver" });
    else if (day !== undefined && retired.includes(day)) left.push({ file, reason: "its silver is retired" });
    else if (day !== undefined) days.push(day);
    else if (document === undefined) left.push({ file, reason: "its days have no silver" });
    else if (unrepeatable.has(file)) left.push({ file, reason: "silver of its days is retired" });
    else if (staleDocuments(state, newer).some(({ path }) => path === file)) {
      left.push({ file, reason: "it is older than its silver" });
    } else documents.push(document);
  }
  return { days, documents, left };
}

/** Stages the documents of a plan as the silver that was staged gives them. */
export async function rebuildGold(
  place: {
    readonly lake: Lake;
    readonly engine: Engine;
    readonly transaction: Transaction;
    readonly processedAt: Micros;
  },
  dataset: Dataset,
  plan: GoldPlan,
  promotion: Promotion | null,
): Promise<void> {
  const { lake, transaction, processedAt: generatedAt } = place;
  const inputs = (days: readonly Day[]) => inputsOf(lake, transaction.state, dataset, days, promotion);
  const daily = (await inputs(plan.days)).map((input) => ({ ...input, wanted: true }));
  await stageDaily({ ...place, dataset, days: daily, generatedAt });
  const every = partitionsOf(transaction.state, dataset).flatMap(({ day, retired }) => (retired ? [] : [day]));
  await stageDocuments({ ...place, dataset, changed: await inputs(every), plan: plan.documents, generatedAt });
}

/** Days with the counts that the log has of them, and with the silver that was made anew. */
async function inputsOf(
  lake: Lake,
  state: LakeState,
  dataset: Dataset,
  days: readonly Day[],
  promotion: Promotion | null,
): Promise<DailyInput[]> {
  const inputs = await dailyInputs(lake, state, dataset, null, days, null);
  return inputs.map((input) => ({ ...input, paths: promotion?.days.get(input.day) ?? [] }));
}
