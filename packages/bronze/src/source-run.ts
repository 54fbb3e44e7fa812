import type { LakePath } from "@medallion/lake/layout";
import { BronzeError } from "./errors.ts";
import type { IngestReport, SourceReport } from "./report.ts";
import type { Tally } from "./writer/block.ts";

/** The reading of one source. */
export interface SourceRun {
  readonly report: SourceReport;
  /** What of it is on disk. */
  readonly tally: Tally;
  error: BronzeError | null;
}

/** The beginning of a run: nothing of the source is on disk. */
export function newRun(path: string, tally: Tally): SourceRun {
  const report = { path, records: 0, raw: 0, withoutWrapper: 0, empty: false, changed: false };
  return { report, tally, error: null };
}

/** What an ingestion did that is not counted by source. */
export interface Totals {
  readonly bytesRead: number;
  readonly skipped: IngestReport["skipped"];
  readonly bronzeFiles: Iterable<LakePath>;
}

/** The report of an ingestion: all counts are of what is on disk. */
export function summarize(runs: readonly SourceRun[], { bytesRead, skipped, bronzeFiles }: Totals): IngestReport {
  const report: IngestReport = {
    records: 0,
    raw: 0,
    withoutWrapper: 0,
    bytesRead,
    bytesWritten: 0,
    files: [],
    skipped,
    refused: [],
    bronzeFiles: [...bronzeFiles].sort(),
  };
  for (const { report: file, tally, error } of runs) {
    file.records = tally.records;
    file.raw = tally.raw;
    file.empty = file.records === 0;
    report.files.push(file);
    report.records += file.records;
    report.raw += file.raw;
    report.withoutWrapper += file.withoutWrapper;
    report.bytesWritten += tally.bytes;
    if (error !== null) {
      report.refused.push({ path: file.path, code: error.code, message: error.message, kept: file.records });
    }
  }
  return report;
}

/** @throws BronzeError the error of the first source that was refused, with the report */
export function throwRefused(runs: readonly SourceRun[], report: IngestReport): void {
  const refused = runs.find((run) => run.error !== null)?.error;
  if (refused === undefined || refused === null) return;
  const others = report.refused.length - 1;
  throw new BronzeError(
    refused.code,
    others === 0 ? refused.message : `${refused.message} (And ${others} more of the sources could not be read.)`,
    refused.facts,
    { cause: refused, report },
  );
}

/** The error of a source, with its name. */
export function refusalOf(path: string, error: BronzeError): BronzeError {
  if (error.facts.file === path) return error;
  return new BronzeError(error.code, `${path}: ${error.message}`, { file: path, ...error.facts }, { cause: error });
}
