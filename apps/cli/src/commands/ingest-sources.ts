import { stat } from "node:fs/promises";
import {
  BronzeError,
  type IngestNewReport,
  type IngestReport,
  ingest,
  ingestNew,
  type Source,
} from "@medallion/bronze";
import type { Lake } from "@medallion/lake";
import { columnTypes, mayBeCsv } from "../column-types.ts";
import type { Config } from "../config/config.ts";
import { withProgress } from "../progress.ts";
import type { IngestTarget } from "../streams.ts";
import { counted, printResult, warn } from "../terminal.ts";
import type { IngestCommandOptions } from "./ingest.ts";
import { copiesIn, describeIngestion, describeNew, kept, leftOut } from "./ingest-report.ts";

/** Keeps the records of files, folders and standard input, which `-` stands for. */
export async function ingestSources(
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
