import type { BronzeErrorCode } from "./error-codes.ts";
import type { IngestReport } from "./report.ts";

/** The details of an error, each under its name: the file, the line, the limit, what was found. */
export type BronzeFacts = Readonly<Record<string, string | number | null>>;

/** Every error that this package throws on purpose. */
export class BronzeError extends Error {
  override readonly name = "BronzeError";
  readonly code: BronzeErrorCode;
  /** The details of the message, each under its name: file, line, byte, limit, kept ... */
  readonly facts: BronzeFacts;
  /** What an `ingest` that ended with this error kept and left out; null for every other call. */
  readonly report: IngestReport | null;

  constructor(
    code: BronzeErrorCode,
    message: string,
    facts: BronzeFacts,
    more: { cause?: unknown; report?: IngestReport } = {},
  ) {
    super(message, "cause" in more ? { cause: more.cause } : undefined);
    this.code = code;
    this.facts = facts;
    this.report = more.report ?? null;
  }
}

/** The system's code of a failed call, such as `ENOSPC`, or null. */
export function systemCode(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
