/**
 * - `SOURCE_NOT_FOUND`: a file or folder named by the caller does not exist; nothing was ingested.
 * - `SOURCE_UNREADABLE`: the system refuses to open or read a source; `cause` says why.
 * - `SOURCE_NOT_A_FILE`: a stream, a pipe or a device, of which nobody can tell what is new.
 * - `SOURCE_CHANGED`: a file became shorter while it was read.
 * - `DOCUMENT_TOO_LARGE`, `RECORD_TOO_LARGE`: a bound on memory is broken.
 * - `GZIP_BROKEN`: compressed data that is cut off, damaged or followed by something else.
 * - `CSV_HEADER_INVALID`: a CSV source whose header row is broken, or names a column twice or not at all.
 * - `IMPORT_INVALID`: a folder to import that is no lake of the older pipeline, or is inside this one or around it.
 * - `RECORD_INVALID`: a value given to `append` that JSON cannot express.
 * - `APPEND_FAILED`: the lake's storage refused; what is acknowledged stays kept.
 * - `WRITER_CLOSED`: `append` after `close`.
 * - `INTERRUPTED`: the caller's signal stopped the run.
 */
export type BronzeErrorCode =
  | "SOURCE_NOT_FOUND"
  | "SOURCE_UNREADABLE"
  | "SOURCE_NOT_A_FILE"
  | "SOURCE_CHANGED"
  | "DOCUMENT_TOO_LARGE"
  | "RECORD_TOO_LARGE"
  | "GZIP_BROKEN"
  | "CSV_HEADER_INVALID"
  | "IMPORT_INVALID"
  | "RECORD_INVALID"
  | "APPEND_FAILED"
  | "WRITER_CLOSED"
  | "INTERRUPTED";
