/** What can go wrong in this package; each code is stable across versions. */
export type GoldErrorCode =
  | "DOCUMENT_INVALID"
  | "NOT_EXPLAINABLE"
  | "RANGE_TOO_LONG"
  | "ROLLUP_INVALID"
  | "SILVER_MISSING"
  | "SILVER_RETIRED";

/** A document of gold could not be made, of which nothing was written then, or not be explained. */
export class GoldError extends Error {
  override readonly name = "GoldError";
  readonly code: GoldErrorCode;
  readonly facts: Readonly<Record<string, string | number | null>>;

  constructor(code: GoldErrorCode, message: string, facts: Record<string, string | number | null>) {
    super(message);
    this.code = code;
    this.facts = facts;
  }
}
