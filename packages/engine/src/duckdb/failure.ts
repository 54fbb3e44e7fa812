import { EngineError, type EngineErrorCode } from "../errors.ts";

const CAUSES: readonly { readonly pattern: RegExp; readonly code: EngineErrorCode; readonly remedy: string }[] = [
  { pattern: /^INTERRUPT/, code: "INTERRUPTED", remedy: "" },
  {
    pattern: /No space left on device|max_temp_directory_size/,
    code: "OUT_OF_DISK",
    remedy: " Make room on the disk that holds the lake and run again.",
  },
  {
    pattern: /^Out of Memory/,
    code: "OUT_OF_MEMORY",
    remedy: " Give the engine more with --memory-limit, or fewer --threads.",
  },
];

/** A failure of DuckDB as an error of ours, with the statement it came from. */
export function duckDbFailure(cause: unknown, statement: string): EngineError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const known = CAUSES.find(({ pattern }) => pattern.test(message));
  const [first = ""] = message.split("\n");
  const text = `DuckDB could not run a statement: ${first}${known?.remedy ?? ""}`;
  return new EngineError(known?.code ?? "STATEMENT_FAILED", text, { statement, cause });
}
