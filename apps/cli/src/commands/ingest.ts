import type { SourceFormat } from "@medallion/bronze";
import { openWriter } from "@medallion/bronze/writer";
import type { Lake } from "@medallion/lake";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { type GivenNames, type IngestTarget, streamsOf, targetOf } from "../streams.ts";
import { printResult } from "../terminal.ts";

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
  if (options.data !== undefined) {
    await ingestOne(lake, target, options.data, options);
    return;
  }
  // One record, which may come many times a second, waits for no reader of sources.
  const { ingestSources } = await import("./ingest-sources.ts");
  await ingestSources(lake, config, target, paths, options);
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
