import { stat } from "node:fs/promises";
import { BronzeError, type IngestReport, ingest, type Source } from "@medallion/bronze";
import { openLake } from "@medallion/lake";
import { datasetFolder, type IngestedDataset } from "../bronze-folders.ts";
import type { CommonOptions } from "../common-options.ts";
import { interruptible } from "../interrupt.ts";
import { counted, Progress, printResult } from "../terminal.ts";

/** `medallion ingest <data set> PATH…` */
export async function ingestRecords(
  dataset: IngestedDataset,
  paths: readonly string[],
  options: CommonOptions & { readonly records?: string },
): Promise<void> {
  const lake = await openLake(options.lake);
  const sources = paths.map(
    (path): Source => (path === "-" ? { kind: "stream", stream: process.stdin } : { kind: "path", path }),
  );
  const progress = new Progress(options);
  const sizes = new Map<string, number>();
  const report = await interruptible(async (signal) => {
    try {
      return await ingest(lake, { folder: datasetFolder(dataset) }, sources, {
        signal,
        ...(options.records === undefined ? {} : { records: options.records }),
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
  printResult(options, { dataset, ...report }, describe(report));
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
