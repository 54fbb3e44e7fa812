import type { LakePath } from "@medallion/lake/layout";
import type { BronzeErrorCode } from "./error-codes.ts";

/** What one source file or stream gave. The counts are of records that are on disk. */
export interface SourceReport {
  /** As it stands in `source_file`; for a stream its name, or `-`. */
  path: string;
  records: number;
  /** Of `records`, those kept as `raw` or `raw_base64`. */
  raw: number;
  /** Documents, or members of a top-level array, without the wrapper that `records` names; each is a record itself. */
  withoutWrapper: number;
  /** It held no record. */
  empty: boolean;
  /** It grew or was written to while it was read: what came after its size at the start is not in bronze. */
  changed: boolean;
}

/** A source of which nothing more was read; what it gave before is counted in `files`. */
export interface RefusedSource {
  path: string;
  code: BronzeErrorCode;
  message: string;
  /** Records of it that are on disk. */
  kept: number;
}

/** Says how much is on disk: `2 records of 1 source are on disk`. */
export function keptText({ records, files }: Pick<IngestReport, "records" | "files">): string {
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
  return `${counted(records, "record")} of ${counted(files.length, "source")} ${records === 1 ? "is" : "are"} on disk`;
}

/** What an ingestion did. Every count is of what is on disk, synced. */
export interface IngestReport {
  records: number;
  /** Of `records`, those kept as `raw` or `raw_base64`. */
  raw: number;
  /** Documents, or members of a top-level array, without the wrapper that `records` names. */
  withoutWrapper: number;
  /** Bytes taken from the sources, before decompression. */
  bytesRead: number;
  /** Bytes of bronze lines. */
  bytesWritten: number;
  files: SourceReport[];
  /** Entries of folders that were not read, and why. */
  skipped: { path: string; reason: string }[];
  refused: RefusedSource[];
  /** The bronze files appended to, sorted. */
  bronzeFiles: LakePath[];
}
