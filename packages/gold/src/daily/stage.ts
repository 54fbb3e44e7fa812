import type { Engine } from "@medallion/engine";
import type { Lake, PartitionTotals, Transaction } from "@medallion/lake";
import { dailyPath, type LakePath, silverPath } from "@medallion/lake/layout";
import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { rulesVersion } from "@medallion/schema/contract";
import { stageDocument } from "../document/check.ts";
import { qualityOf } from "../document/parts.ts";
import { batchesByRows } from "../range/batches.ts";
import { sourcesOf } from "../range/sources.ts";
import { isSealed } from "../rollup/paths.ts";
import { readDaily, rollupInvalid } from "../rollup/read.ts";
import { leaveStates, MOST_STATES, stageStates } from "../states/stage.ts";
import { dailyDocument } from "./document.ts";
import { dailyRows } from "./rows.ts";

/** A day whose document is to be made. */
export interface DailyInput {
  readonly day: Day;
  /** Absolute paths of the day's silver in Parquet; none when the day has no rows. */
  readonly paths: readonly string[];
  readonly totals: PartitionTotals;
  /** Whether the document is made even when the day has no record. Default: false. */
  readonly wanted?: boolean;
}

export interface StageDailyOptions {
  readonly lake: Lake;
  readonly engine: Engine;
  /** The documents are staged here; the caller commits. */
  readonly transaction: Transaction;
  /** The data set of the tasks. */
  readonly dataset: Dataset;
  readonly days: readonly DailyInput[];
  readonly generatedAt: Micros;
}

/**
 * Stages `gold/analytics/daily-YYYYMMDD.json` for every given day; the document of a day without any record is removed,
 * unless it is wanted. That of a day whose silver is retired keeps its numbers. Beside a document stands
 * `daily-YYYYMMDD.states`, of which KPIs are computed.
 *
 * @returns the documents staged
 * @throws GoldError DOCUMENT_INVALID, ROLLUP_INVALID
 * @throws EngineError
 */
export async function stageDaily(options: StageDailyOptions): Promise<LakePath[]> {
  const staged: LakePath[] = [];
  for (const batch of batchesByRows(options.days.map((input) => ({ ...input, rows: input.totals.rows })))) {
    staged.push(...(await stageBatch(options, batch)));
  }
  return staged;
}

async function stageBatch(options: StageDailyOptions, days: readonly DailyInput[]): Promise<LakePath[]> {
  const { lake, engine, transaction, dataset, generatedAt } = options;
  const states = days.every(({ totals }) => totals.rows <= MOST_STATES);
  const rows = await dailyRows(engine, sourcesOf(days), { states });
  const staged: LakePath[] = [];
  for (const { day, paths, totals, wanted } of days) {
    const target = dailyPath(day);
    const kept = rows.states.get(day);
    if (kept === undefined) leaveStates(transaction, day);
    else await stageStates(options, day, kept);
    if (totals.read === 0 && wanted !== true) {
      transaction.remove(target);
      continue;
    }
    if (paths.length === 0 && isSealed(transaction.state, day)) {
      staged.push(await stageRetired(options, day, totals));
      continue;
    }
    const file = silverPath(dataset.folders.silver, day, "parquet");
    const document = dailyDocument(rows, {
      day,
      timeZone: lake.timeZone,
      generatedAt,
      rulesVersion: rulesVersion(dataset),
      totals,
      inputs: paths.length === 0 ? [] : [{ file, rows: totals.rows }],
    });
    await stageDocument(options, target, document);
    staged.push(target);
  }
  return staged;
}

/** The numbers of a day whose silver is retired stay; only where later records went is new. */
async function stageRetired(options: StageDailyOptions, day: Day, totals: PartitionTotals): Promise<LakePath> {
  const document = await readDaily(options.lake, day);
  if (document === null) throw rollupInvalid(day, "there is none");
  const generated_at = formatUtc(options.generatedAt);
  await stageDocument(options, dailyPath(day), { ...document, generated_at, quality: qualityOf([totals]) });
  return dailyPath(day);
}
