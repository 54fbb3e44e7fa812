import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Lake } from "@medallion/lake";
import { nameFile } from "@medallion/lake/layout";
import { isDay } from "@medallion/lake/time";
import { BronzeError } from "../errors.ts";
import type { IngestOptions } from "../ingest.ts";
import {
  type IngestionJob,
  type IngestNewReport,
  JournaledIngestion,
  type JournaledOptions,
  SETTINGS,
} from "../new/journaled-ingestion.ts";
import { planSources, unreadable } from "../source/plan.ts";
import type { BronzeTarget } from "../writer/appender.ts";
import { IngestionClock, systemMicros } from "../writer/clock.ts";
import { ImportSink } from "./import-sink.ts";

/** The data sets of a lake of the older pipeline; the names of their files begin with an event type or a master. */
const DATASETS = [
  { dataset: "tasks", folder: "raw-tasks", named: false },
  { dataset: "events", folder: "events", named: true },
  { dataset: "metrics", folder: "raw-metrics", named: true },
] as const;

/** How an older lake is imported: as `ingest`, but for what the older pipeline has decided. */
export type ImportOptions = Pick<IngestOptions, "onProgress" | "signal" | "now" | "limits"> &
  Pick<JournaledOptions, "waitMs">;

/** What an import did for one data set. */
export interface ImportedDataset extends IngestNewReport {
  readonly dataset: (typeof DATASETS)[number]["dataset"];
}

/** What an import did: the sums and lists of its data sets, and each on its own. */
export interface ImportReport extends IngestNewReport {
  readonly datasets: readonly ImportedDataset[];
}

/**
 * Brings in the bronze layer of a lake that the older shell pipeline made: `bronze/raw-tasks`, `bronze/events` and
 * `bronze/raw-metrics`. The older lake is only read. Its silver and gold are not brought in, as they can be computed.
 *
 * A record keeps its own `ingested_at`, token for token, and goes, as one line, to the bronze file of that day in the lake's time
 * zone. One without, and text that is no record, is kept as `ingest` keeps it. What was imported before is not imported again, and
 * of a file that has grown since only the added records are; a crash neither loses nor repeats a record.
 *
 * The event type or the master is the file's name, without its day.
 *
 * @param folder of the older lake, such as `coordination/medallion`
 * @returns what is on disk when it returns
 * @throws BronzeError `IMPORT_INVALID`, and as `ingestNew`; `error.report` is an {@link ImportReport}
 * @throws LakeError `LAKE_LOCKED`, `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function importLake(lake: Lake, folder: string, options: ImportOptions = {}): Promise<ImportReport> {
  const folders = await checkOldLake(lake, folder);
  const clock = new IngestionClock(lake.timeZone, options.now ?? systemMicros);
  const done: ImportedDataset[] = [];
  const refusals: (() => void)[] = [];
  for (const { dataset, folder: name, named } of DATASETS) {
    if (!folders.has(name)) continue;
    const root = join(folder, "bronze", name);
    const plan = await planSources(lake, [{ kind: "path", path: root }], undefined);
    const jobs: IngestionJob[] = [];
    for (const source of plan.sources) {
      if (source.kind === "stream") continue;
      const inside = source.path.slice(root.length + 1);
      const target: BronzeTarget = named
        ? { folder: name, part: await nameFile(lake, nameOf(inside)) }
        : { folder: name };
      const sink: IngestionJob["sink"] = (staged, tally) =>
        new ImportSink(lake, staged, target, clock, source.path, tally);
      jobs.push({ source, target, sink });
    }
    const ingestion = new JournaledIngestion(lake, dataset, { ...SETTINGS, ...options, holdMs: 0 });
    try {
      const report = await ingestion.run(jobs, plan.skipped);
      done.push({ dataset, ...report });
      refusals.push(() => ingestion.throwRefused(mergeReports(done)));
    } catch (error) {
      throw withReports(error, dataset, done);
    }
  }
  for (const refuse of refusals) refuse();
  return mergeReports(done);
}

/** The folders of data sets that the older lake has. */
async function checkOldLake(lake: Lake, folder: string): Promise<ReadonlySet<string>> {
  const root = await realpath(folder).catch((error: unknown) => Promise.reject(unreadable(folder, error)));
  const own = (await lake.storage.realPath(lake.root)) ?? lake.root;
  if (`${root}${sep}`.startsWith(`${own}${sep}`) || `${own}${sep}`.startsWith(`${root}${sep}`)) {
    const message = `Expected an older lake in a folder of its own, found ${folder}, which is the lake ${lake.root}, inside it or around it. Move one of them: an import never writes into the older lake.`;
    throw new BronzeError("IMPORT_INVALID", message, { file: folder, lake: lake.root });
  }
  const folders = new Set<string>();
  for (const { folder: name } of DATASETS) {
    const found = await stat(join(root, "bronze", name)).catch(() => null);
    if (found?.isDirectory() === true) folders.add(name);
  }
  if (folders.size > 0) return folders;
  const names = DATASETS.map((dataset) => `bronze/${dataset.folder}`).join(", ");
  const message = `Expected a lake of the older pipeline in ${folder}, found none of ${names} there. Give the folder that holds bronze/.`;
  throw new BronzeError("IMPORT_INVALID", message, { file: folder });
}

/** The event type or master in the name of a file: `worker started-20251127.jsonl` is `worker started`. */
function nameOf(path: string): string {
  const name = path.replace(/\.(json|jsonl|ndjson|csv)(\.gz)?$/i, "");
  const dated = /^(.*)-([0-9]{8})$/s.exec(name);
  return dated?.[1] !== undefined && isDay(dated[2] ?? "") ? dated[1] : name;
}

function mergeReports(datasets: readonly ImportedDataset[]): ImportReport {
  const sum = (count: (report: ImportedDataset) => number) => datasets.reduce((all, report) => all + count(report), 0);
  return {
    datasets,
    records: sum((report) => report.records),
    raw: sum((report) => report.raw),
    withoutWrapper: 0,
    bytesRead: sum((report) => report.bytesRead),
    bytesWritten: sum((report) => report.bytesWritten),
    known: sum((report) => report.known),
    resumed: sum((report) => report.resumed),
    copies: datasets.flatMap((report) => report.copies),
    held: datasets.flatMap((report) => report.held),
    files: datasets.flatMap((report) => report.files),
    skipped: datasets.flatMap((report) => report.skipped),
    refused: datasets.flatMap((report) => report.refused),
    bronzeFiles: datasets.flatMap((report) => report.bronzeFiles),
  };
}

/** An error that ends an import, with the report of all of it. */
function withReports(error: unknown, dataset: ImportedDataset["dataset"], done: readonly ImportedDataset[]): unknown {
  if (!(error instanceof BronzeError) || error.report === null) return error;
  const last: ImportedDataset = { known: 0, copies: [], held: [], resumed: 0, ...error.report, dataset };
  const report = mergeReports([...done, last]);
  return new BronzeError(error.code, error.message, error.facts, { cause: error, report });
}
