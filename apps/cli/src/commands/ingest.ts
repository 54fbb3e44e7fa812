import { stat } from "node:fs/promises";
import { BronzeError, type IngestReport, ingest, openWriter, type Source, type SourceFormat } from "@medallion/bronze";
import type { Lake } from "@medallion/lake";
import { CliError } from "../cli-error.ts";
import { columnTypes, mayBeCsv } from "../column-types.ts";
import type { CommonOptions } from "../common-options.ts";
import type { Config } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { interruptible } from "../interrupt.ts";
import { type GivenNames, type IngestTarget, streamsOf, targetOf } from "../streams.ts";
import { counted, Progress, printResult } from "../terminal.ts";

export interface IngestCommandOptions extends CommonOptions, GivenNames {
  readonly records?: string;
  readonly data?: string;
  readonly format?: SourceFormat;
}

/** `medallion ingest <data set> PATH…` and `medallion ingest <data set> --data JSON` */
export async function ingestRecords(
  dataset: string,
  paths: readonly string[],
  options: IngestCommandOptions,
): Promise<void> {
  if ((paths.length === 0) === (options.data === undefined)) {
    const found = paths.length === 0 ? "neither" : "both";
    throw new CliError("USAGE_INVALID", `Expected files, folders or - for standard input, or --data, found ${found}.`);
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
      ? `Kept 1 record as raw text in ${receipt.file}, for it is no JSON object or has a field that bronze adds.`
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
  const progress = new Progress(options);
  const sizes = new Map<string, number>();
  const report = await interruptible(async (signal) => {
    try {
      return await ingest(lake, target, sources, {
        signal,
        ...(records === undefined ? {} : { records }),
        ...(format === undefined ? {} : { format }),
        ...(csv === null ? {} : { csv }),
        onProgress: ({ path, bytesRead, records }) => {
          void sizeOf(path, sizes);
          progress.show(
            bytesRead / (sizes.get(path) ?? Number.POSITIVE_INFINITY),
            `${path}: ${counted(records, "record")}`,
          );
        },
      });
    } catch (error) {
      progress.end();
      if (error instanceof BronzeError && error.report !== null)
        process.stderr.write(`medallion: ${kept(error.report)}\n`);
      throw error;
    }
  });
  progress.end();
  printResult(options, { dataset: target.stream.name, ...report }, describe(report));
}

async function sizeOf(path: string, sizes: Map<string, number>): Promise<void> {
  if (sizes.has(path)) return;
  sizes.set(path, Number.POSITIVE_INFINITY);
  const status = await stat(path).catch(() => null);
  if (status !== null) sizes.set(path, status.size);
}

function kept(report: IngestReport): string {
  return `${counted(report.records, "record")} of ${counted(report.files.length, "source")} are on disk in bronze.`;
}

function describe(report: IngestReport): string[] {
  if (report.records === 0) {
    const looked = report.files.map((file) => file.path).join(", ");
    return [
      `Read 0 records${looked === "" ? "" : ` from ${looked}`}: nothing was added to bronze.`,
      ...report.skipped.map(({ path, reason }) => `  skipped ${path}: ${reason}`),
    ];
  }
  const lines = [`Kept ${counted(report.records, "record")} from ${counted(report.files.length, "source")} in bronze.`];
  if (report.raw > 0) {
    lines.push(
      `  ${counted(report.raw, "record")} kept as raw text, for they are no JSON object or have a field that bronze adds.`,
    );
  }
  if (report.withoutWrapper > 0)
    lines.push(`  ${counted(report.withoutWrapper, "document")} had no such key and were kept whole.`);
  for (const file of report.files) {
    if (file.empty) lines.push(`  ${file.path} holds no record.`);
    if (file.changed) lines.push(`  ${file.path} changed while it was read; ingest it again for the rest.`);
  }
  for (const { path, reason } of report.skipped) lines.push(`  skipped ${path}: ${reason}`);
  lines.push("Next: medallion run");
  return lines;
}
