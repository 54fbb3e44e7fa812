import { stat } from "node:fs/promises";
import {
  BronzeError,
  type IngestNewReport,
  type IngestReport,
  ingest,
  ingestNew,
  openWriter,
  type Source,
  type SourceFormat,
} from "@medallion/bronze";
import type { Lake } from "@medallion/lake";
import { CliError } from "../cli-error.ts";
import { columnTypes, mayBeCsv } from "../column-types.ts";
import type { CommonOptions } from "../common-options.ts";
import type { Config } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { withProgress } from "../progress.ts";
import { type GivenNames, type IngestTarget, streamsOf, targetOf } from "../streams.ts";
import { counted, printResult, warn } from "../terminal.ts";
import { copiesIn, describeIngestion, describeNew, kept, leftOut } from "./ingest-report.ts";

export interface IngestCommandOptions extends CommonOptions, GivenNames {
  readonly records?: string;
  readonly data?: string;
  readonly format?: SourceFormat;
  /** Take only what is new since the last time. */
  readonly new?: true;
  /** Seconds to wait for another ingestion of what is new. */
  readonly wait: number;
}

/** `medallion ingest <data set> PATH…` and `medallion ingest <data set> --data JSON` */
export async function ingestRecords(
  dataset: string,
  paths: readonly string[],
  options: IngestCommandOptions,
): Promise<void> {
  if ((paths.length === 0) === (options.data === undefined)) {
    const found = paths.length === 0 ? "neither" : "both";
    throw new CliError(
      "USAGE_INVALID",
      `Expected either files, folders or - for standard input, or --data; found ${found}.`,
    );
  }
  const { lake, config } = await openConfiguredLake(options);
  const target = await targetOf(lake, await streamsOf(config), dataset, options);
  if (options.data !== undefined) await ingestOne(lake, target, options.data, options);
  else await ingestAll(lake, config, target, paths, options);
}

/** Keeps one record, which was given on the command line. */
async function ingestOne(lake: Lake, target: IngestTarget, data: string, options: CommonOptions): Promise<void> {
  const writer = openWriter(lake, target);
  const receipt = await writer.append(data);
  await writer.close();
  const document = { dataset: target.stream.name, records: 1, raw: receipt.raw ? 1 : 0, bronzeFiles: [receipt.file] };
  printResult(options, { ...document, ingested_at: receipt.ingestedAt }, [
    receipt.raw
      ? `Kept 1 record as raw text in ${receipt.file}: it is not a JSON object, or has a field that bronze adds itself.`
      : `Kept 1 record in ${receipt.file}.`,
  ]);
}

async function ingestAll(
  lake: Lake,
  config: Config,
  target: IngestTarget,
  paths: readonly string[],
  options: IngestCommandOptions,
): Promise<void> {
  const { records, format } = options;
  const sources = paths.map(
    (path): Source => (path === "-" ? { kind: "stream", stream: process.stdin } : { kind: "path", path }),
  );
  const csv = (await mayBeCsv(paths, format)) ? { columns: await columnTypes(config, target.stream.name) } : null;
  const takeNew = (...[lake, to, from, settings]: Parameters<typeof ingest>): Promise<IngestNewReport> =>
    ingestNew(lake, to, from, { ...settings, dataset: target.stream.name, waitMs: options.wait * 1000 });
  const take = options.new === true ? takeNew : ingest;
  const sizes = new Map<string, number>();
  const report = await withProgress(
    options,
    (signal, onStep): Promise<IngestReport | IngestNewReport> =>
      take(lake, target, sources, {
        signal,
        ...(records === undefined ? {} : { records }),
        ...(format === undefined ? {} : { format }),
        ...(csv === null ? {} : { csv }),
        onProgress: ({ path, bytesRead, records }) => {
          void sizeOf(path, sizes);
          onStep(
            bytesRead / (sizes.get(path) ?? Number.POSITIVE_INFINITY),
            () => `${path}: ${counted(records, "record")}`,
          );
        },
      }),
  ).catch((error: unknown) => {
    if (error instanceof BronzeError && error.report !== null) {
      warn([kept(error.report), ...leftOut(error.report), ...copiesIn(error.report)]);
    }
    throw error;
  });
  const more = "known" in report ? describeNew(report) : [];
  // Also where only errors are shown: it may be data that somebody misses.
  warn(copiesIn(report));
  printResult(options, { dataset: target.stream.name, ...report }, [...describeIngestion(report), ...more]);
}

async function sizeOf(path: string, sizes: Map<string, number>): Promise<void> {
  if (sizes.has(path)) return;
  sizes.set(path, Number.POSITIVE_INFINITY);
  const status = await stat(path).catch(() => null);
  if (status !== null) sizes.set(path, status.size);
}
