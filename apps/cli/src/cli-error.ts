/** What the commands themselves refuse; each code is stable across versions. */
export type CliErrorCode =
  | "USAGE_INVALID"
  | "QUERY_TIMEOUT"
  | "QUERY_OVERTAKEN"
  | "FILE_NOT_WRITTEN"
  | "DOCUMENT_DAMAGED";

/** A command cannot do what it was asked, for a reason that no package knows of. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
