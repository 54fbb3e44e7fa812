export type BenchErrorCode = "OPTION_INVALID" | "COMMAND_FAILED" | "SAMPLES_MISSING" | "README_UNMARKED";

/** A benchmark that cannot be made. */
export class BenchError extends Error {
  readonly code: BenchErrorCode;

  constructor(code: BenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "BenchError";
    this.code = code;
  }
}
