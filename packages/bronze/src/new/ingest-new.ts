import type { Lake } from "@medallion/lake";
import { bronzePath } from "@medallion/lake/layout";
import { planSources, type Source } from "../source/plan.ts";
import type { BronzeTarget } from "../writer/appender.ts";
import { IngestionClock, systemMicros } from "../writer/clock.ts";
import {
  type IngestionJob,
  type IngestionSettings,
  type IngestNewReport,
  JournaledIngestion,
  type JournaledOptions,
  notAFile,
  SETTINGS,
} from "./journaled-ingestion.ts";
import { StagedSink } from "./staged-file.ts";

export interface IngestNewOptions extends JournaledOptions {
  /** Whose sources these are: what was ingested is remembered for each data set. */
  readonly dataset: string;
}

/**
 * As `ingest`, but appends only what is new since the last time, for use from cron. Content decides: a file that was renamed or
 * copied is not taken again; of one that has grown the added documents or rows are taken; one that was rewritten is taken as a
 * whole, and so is, after every change, a gzip file and, with `records`, any file.
 *
 * A document that is not whole, a broken line and a CSV row wait for their line end, for an hour after the file was last written
 * to; then they are taken as they are.
 *
 * What is appended and the memory of it change together: when the process is killed at any moment, the next call neither loses
 * nor repeats a record. Two calls for one data set at the same time wait for each other (`waitMs`), or the second one is refused.
 * Of a source that is refused nothing is kept.
 *
 * @returns what is on disk when it returns
 * @throws BronzeError as `ingest`, and `SOURCE_NOT_A_FILE` for a stream, a pipe or a device
 * @throws LakeError `LAKE_LOCKED`, `NAME_INVALID`, `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function ingestNew(
  lake: Lake,
  target: BronzeTarget,
  sources: readonly Source[],
  options: IngestNewOptions,
): Promise<IngestNewReport> {
  return await takeNew(lake, target, sources, { ...SETTINGS, ...options });
}

/** As `ingestNew`, with all that can be set. */
export async function takeNew(
  lake: Lake,
  target: BronzeTarget,
  sources: readonly Source[],
  options: IngestNewOptions & IngestionSettings,
): Promise<IngestNewReport> {
  const ingestion = new JournaledIngestion(lake, options.dataset, options);
  bronzePath(target.folder, "20000101", target.part);
  const plan = await planSources(lake, sources, options.format);
  const clock = new IngestionClock(lake.timeZone, options.now ?? systemMicros);
  const jobs = plan.sources.map((source): IngestionJob => {
    if (source.kind === "stream") throw notAFile(source.path);
    return { source, target, sink: (staged, tally) => new StagedSink(staged, target, clock, source.path, tally) };
  });
  const report = await ingestion.run(jobs, plan.skipped);
  ingestion.throwRefused(report);
  return report;
}
