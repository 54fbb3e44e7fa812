/** Every way the lake can refuse. The codes are stable: programs may compare them. */
export type LakeErrorCode =
  | "LAKE_NOT_FOUND"
  | "LAKE_EXISTS_DIFFERENTLY"
  | "LAKE_INVALID"
  | "LAKE_LOCKED"
  | "LOCK_LOST"
  | "DAY_INVALID"
  | "DAY_RANGE_INVALID"
  | "TIME_ZONE_INVALID"
  | "NAME_INVALID"
  | "COMMIT_CONFLICT"
  | "COMMIT_INVALID"
  | "COUNTS_DO_NOT_BALANCE"
  | "TRANSACTION_CLOSED"
  | "PATH_OUTSIDE_LAKE"
  | "BRONZE_TRUNCATED"
  | "RETENTION_INVALID"
  | "STORAGE_FAILED";

/** Typed details of an error: the file, what was expected, what was found. */
export type LakeErrorFacts = Readonly<Record<string, string | number | null>>;

/** The one error class of `@medallion/lake`. */
export class LakeError extends Error {
  override readonly name = "LakeError";
  readonly code: LakeErrorCode;
  readonly facts: LakeErrorFacts;

  constructor(code: LakeErrorCode, message: string, facts: LakeErrorFacts = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.facts = facts;
  }
}
