import type { Engine } from "@medallion/engine";
import {
  type Day,
  dailyPath,
  type Lake,
  type LakePath,
  type Micros,
  type PartitionTotals,
  silverPath,
  type Transaction,
} from "@medallion/lake";
import { type Dataset, rulesVersion } from "@medallion/schema";
import { dailyDocument } from "./document.ts";
import { dailyRows } from "./rows.ts";

/** A day whose document is to be made. */
export interface DailyInput {
  readonly day: Day;
  /** Absolute path of the day's silver in Parquet; null when the day has no rows. */
  readonly path: string | null;
  readonly totals: PartitionTotals;
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
 * Stages `gold/analytics/daily-YYYYMMDD.json` for every given day; the document of a day without any record is removed.
 *
 * @returns the documents staged
 * @throws GoldError DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageDaily(options: StageDailyOptions): Promise<LakePath[]> {
  const { lake, engine, transaction, dataset, days, generatedAt } = options;
  const sources = days.flatMap(({ day, path }) => (path === null ? [] : [{ path, partition: day }]));
  const rows = await dailyRows(engine, sources);
  const staged: LakePath[] = [];
  for (const { day, path, totals } of days) {
    const target = dailyPath(day);
    if (totals.read === 0) {
      transaction.remove(target);
      continue;
    }
    const file = silverPath(dataset.folders.silver, day, "parquet");
    const document = dailyDocument(rows, {
      day,
      timeZone: lake.timeZone,
      generatedAt,
      rulesVersion: rulesVersion(dataset),
      totals,
      inputs: path === null ? [] : [{ file, rows: totals.rows }],
    });
    await lake.storage.write(await transaction.stage(target), `${JSON.stringify(document, null, 2)}\n`);
    staged.push(target);
  }
  return staged;
}
