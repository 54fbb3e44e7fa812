import type { Engine } from "@medallion/engine";
import type { Lake, Transaction } from "@medallion/lake";
import { aggregatePath, type LakePath, nameFile, resolveInLake } from "@medallion/lake/layout";
import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import { type AggregatedMetrics, aggregatedMetrics } from "@medallion/schema/gold";
import { SilverError } from "../errors.ts";
import { type MetricRow, metricRows } from "./rows.ts";

const FOLDER = "aggregated-metrics";

export interface StageAggregatesOptions {
  readonly lake: Lake;
  readonly engine: Engine;
  /** The documents are staged here; the caller commits. */
  readonly transaction: Transaction;
  /** The days to aggregate, with the absolute paths of their metrics in Parquet; none for a day without rows. */
  readonly days: ReadonlyMap<Day, readonly string[]>;
  readonly processedAt: Micros;
}

/**
 * Stages `silver/aggregated-metrics/<master>-YYYYMMDD.json` for every master of the given days. The document of a
 * master that has no metrics left is removed. Sums and means are exact to 12 decimals; where values are so large that
 * 38 digits do not hold their sum (1e25 and more), they are those of doubles.
 *
 * @returns the documents staged
 * @throws SilverError DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageAggregates(options: StageAggregatesOptions): Promise<LakePath[]> {
  const { lake, engine, transaction, days, processedAt } = options;
  const sources = [...days].flatMap(([day, paths]) => paths.map((path) => ({ path, partition: day })));
  const documents = new Map<LakePath, AggregatedMetrics>();
  for (const row of await metricRows(engine, sources)) {
    const path = aggregatePath(FOLDER, row.day, await nameFile(lake, row.master));
    const document = documents.get(path) ?? emptyDocument(row, formatUtc(processedAt));
    document.metrics.push(metricOf(row));
    documents.set(path, document);
  }
  for (const [path, document] of documents) {
    check(path, document);
    await lake.storage.write(await transaction.stage(path), `${JSON.stringify(document, null, 2)}\n`);
  }
  for (const path of await standingDocuments(lake, days)) if (!documents.has(path)) transaction.remove(path);
  return [...documents.keys()];
}

function emptyDocument({ master, day }: MetricRow, processedAt: string): AggregatedMetrics {
  return { master, date: day, layer: "silver", processed_at: processedAt, metrics: [] };
}

function metricOf(row: MetricRow): AggregatedMetrics["metrics"][number] {
  const { count, sum, avg, min, max, p50, p95 } = row;
  return {
    metric_name: row.name,
    ...{ count, sum, avg, min, max, p50, p95 },
    first_timestamp: row.first,
    last_timestamp: row.last,
  };
}

/** The documents of the days that earlier runs have written. */
async function standingDocuments(lake: Lake, days: ReadonlyMap<Day, unknown>): Promise<LakePath[]> {
  const entries = await lake.storage.list(await resolveInLake(lake, `silver/${FOLDER}`));
  return entries.flatMap(({ name }) => {
    const [, master, day] = /^(.+)-([0-9]{8})\.json$/.exec(name) ?? [];
    return master !== undefined && day !== undefined && days.has(day) ? [aggregatePath(FOLDER, day, master)] : [];
  });
}

function check(path: LakePath, document: AggregatedMetrics): void {
  const checked = aggregatedMetrics.safeParse(document);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  const at = issue?.path.join(".") ?? "";
  throw new SilverError(
    "DOCUMENT_INVALID",
    `${path} does not fit its schema at ${at}: ${issue?.message}. Nothing was written; please report this.`,
    { file: path, path: at },
  );
}
