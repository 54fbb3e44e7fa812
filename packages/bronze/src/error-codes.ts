/**
 * - `SOURCE_NOT_FOUND`: a file or folder named by the caller does not exist; nothing was ingested.
 * - `SOURCE_UNREADABLE`: the system refuses to open or read a source; `cause` says why.
 * - `SOURCE_CHANGED`: a file became shorter while it was read.
 * - `DOCUMENT_TOO_LARGE`, `RECORD_TOO_LARGE`: a bound on memory is broken.
 * - `GZIP_BROKEN`: compressed data that is cut off, damaged or followed by something else.
 * - `RECORD_INVALID`: a value given to `append` that JSON cannot express.
 * - `APPEND_FAILED`: the lake's storage refused; what is acknowledged stays kept.
 * - `WRITER_CLOSED`: `append` after `close`.
 * - `INTERRUPTED`: the caller's signal stopped the run.
 */
export type BronzeErrorCode =
  | "SOURCE_NOT_FOUND"
  | "SOURCE_UNREADABLE"
  | "SOURCE_CHANGED"
  | "DOCUMENT_TOO_LARGE"
  | "RECORD_TOO_LARGE"
  | "GZIP_BROKEN"
  | "RECORD_INVALID"
  | "APPEND_FAILED"
  | "WRITER_CLOSED"
  | "INTERRUPTED";
