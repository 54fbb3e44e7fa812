/** What can go wrong in this package; each code is stable across versions. */
export type SilverErrorCode =
  | "COUNTS_DO_NOT_MATCH"
  | "DOCUMENT_INVALID"
  | "PROFILE_INVALID"
  | "NOT_EXPLAINABLE"
  | "RULE_FAILED"
  | "SILVER_MISSING";

/** A promotion could not be done; nothing of it was committed. */
export class SilverError extends Error {
  override readonly name = "SilverError";
  readonly code: SilverErrorCode;
  readonly facts: Readonly<Record<string, string | number | null>>;

  constructor(code: SilverErrorCode, message: string, facts: Record<string, string | number | null>) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}
