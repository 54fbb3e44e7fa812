/** What can go wrong in an engine; each code is stable across versions. */
export type EngineErrorCode =
  | "ENGINE_UNAVAILABLE"
  | "ENGINE_OPTION_INVALID"
  | "STATEMENT_FAILED"
  | "QUERY_INVALID"
  | "QUERY_REFUSED"
  | "OUT_OF_MEMORY"
  | "OUT_OF_DISK"
  | "INTERRUPTED"
  | "VALUE_INVALID";

/** An engine could not do what it was asked. A failed statement is in `statement`, its cause in `cause`. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  readonly statement: string | null;

  constructor(
    code: EngineErrorCode,
    message: string,
    options: { readonly statement?: string; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.statement = options.statement ?? null;
  }
}
