import type { IngestNewReport, IngestReport } from "@medallion/bronze";
import { counted } from "../terminal.ts";

/** What is on disk of an ingestion that failed. */
export function kept(report: IngestReport): string {
  return `${counted(report.records, "record")} of ${counted(report.files.length, "source")} are on disk in bronze.`;
}

/** What an ingestion that failed did not take, but for the source that its error tells of. */
export function leftOut(report: IngestReport): string[] {
  return [
    ...report.skipped.map(({ path, reason }) => `skipped ${path}: ${reason}`),
    ...report.refused.slice(1).map(({ message }) => message),
  ];
}

/** What an ingestion did, for people. */
export function describeIngestion(report: IngestReport): string[] {
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
      `  ${counted(report.raw, "record")} kept as raw text: not a JSON object, or with a field that bronze adds itself.`,
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

const COPIES_SHOWN = 10;

/** Which sources were left out as bronze has what they hold: what a user must know who meant equal files as two. */
export function copiesIn(report: IngestReport | IngestNewReport): string[] {
  const copies = "copies" in report ? report.copies : [];
  if (copies.length === 0) return [];
  const lines = copies.slice(0, COPIES_SHOWN).map(({ path, of }) => {
    return `${path} was not taken: bronze has the same bytes from ${of ?? "a file that was rewritten since"}.`;
  });
  const others = copies.length - lines.length;
  if (others > 0) lines.push(`${counted(others, "more source")} the same.`);
  return [...lines, "If these are records of their own, take them by `medallion ingest` without --new."];
}

/** What an ingestion of what is new did beside that. */
export function describeNew({ known, held, resumed }: IngestNewReport): string[] {
  return [
    ...(known > 0 ? [`  ${counted(known, "source")} held nothing new.`] : []),
    ...held.map(
      ({ path, bytes }) => `  ${path}: the last line may not be whole yet; its ${bytes} bytes wait for the next time.`,
    ),
    ...(resumed > 0 ? [`  ${counted(resumed, "record")} of an ingestion that was cut short are in bronze now.`] : []),
  ];
}
