import { importLake } from "@medallion/bronze";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { withProgress } from "../progress.ts";
import { counted, printResult, table, warn } from "../terminal.ts";
import { copiesIn } from "./ingest-report.ts";

export interface ImportCommandOptions extends CommonOptions {
  readonly wait: number;
}

/** `medallion import OLD_LAKE` */
export async function importOldLake(folder: string, options: ImportCommandOptions): Promise<void> {
  const { lake } = await openConfiguredLake(options);
  const report = await withProgress(options, (signal, onStep) =>
    importLake(lake, folder, {
      signal,
      waitMs: options.wait * 1000,
      onProgress: ({ path, records }) => onStep(0, () => `${path}: ${counted(records, "record")}`),
    }),
  );
  const rows = report.datasets.map(({ dataset, records, raw, files, known }) => [
    dataset,
    records,
    raw,
    files.length,
    known,
  ]);
  warn(copiesIn(report));
  printResult(options, report, [
    report.records === 0
      ? `Read 0 new records from ${folder}: nothing was added to bronze.`
      : `Imported ${counted(report.records, "record")} from ${folder}, each with its own ingested_at.`,
    ...(rows.length === 0 ? [] : table(["data set", "records", "kept as raw", "files", "known files"], rows)),
    ...report.skipped.map(({ path, reason }) => `  skipped ${path}: ${reason}`),
    ...(report.records === 0 ? [] : ["Next: medallion run"]),
  ]);
}
