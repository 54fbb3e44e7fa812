import { BronzeError } from "./errors.ts";

const MEBIBYTE = 1024 * 1024;

/** The bounds on what one source can make the process hold. */
export interface Limits {
  /** The longest record, in bytes. Default 64 MiB. */
  recordBytes: number;
  /** The longest JSON document or line of a source, in bytes. Default 256 MiB. */
  documentBytes: number;
  /** The deepest nesting that counts as JSON; what is deeper is kept as `raw`. Default 512. */
  nesting: number;
}

/** The limits that hold where none are given. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  recordBytes: 64 * MEBIBYTE,
  documentBytes: 256 * MEBIBYTE,
  nesting: 512,
};

/**
 * Refuses a record that is longer than the limit. `place`: what is known of where it stands.
 *
 * @throws BronzeError `RECORD_TOO_LARGE`
 */
export function checkRecordSize(size: number, limit: number, place: { line?: number; byte?: number } = {}): void {
  if (size <= limit) return;
  const { line, byte } = place;
  const where = line === undefined ? "" : ` at line ${line}, byte ${byte}`;
  throw new BronzeError(
    "RECORD_TOO_LARGE",
    `Expected records of at most ${limit} bytes (limit recordBytes), found one of ${size}${where}. Raise the limit or split the record.`,
    { ...place, limit, found: size },
  );
}
