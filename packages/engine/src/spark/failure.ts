import { EngineError, type EngineErrorCode } from "../errors.ts";
import { SparkError } from "./connect/session.ts";
import { GrpcError, GrpcStatus } from "./connect/status.ts";

const CAUSES: readonly { readonly pattern: RegExp; readonly code: EngineErrorCode; readonly remedy: string }[] = [
  { pattern: /^OPERATION_CANCELED|OPERATION_CANCELLED/, code: "INTERRUPTED", remedy: "" },
  {
    pattern: /No space left on device/,
    code: "OUT_OF_DISK",
    remedy: " Make room on the disks of the workers or of the lake and run again.",
  },
  {
    pattern: /OutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY|Container killed .* memory/,
    code: "OUT_OF_MEMORY",
    remedy: " Give the executors more memory (spark.executor.memory) or have more of them.",
  },
];

/** The state that a session had on the server is gone: the server was started anew, or has ended the session. */
export function isSessionLost(cause: unknown): boolean {
  const errorClass = cause instanceof SparkError || cause instanceof GrpcError ? cause.errorClass : "";
  return /^INVALID_HANDLE\.(?:SESSION_NOT_FOUND|SESSION_CHANGED|SESSION_CLOSED|OPERATION_NOT_FOUND|OPERATION_ABANDONED)$/.test(
    errorClass,
  );
}

/** A failure of Spark as an error of ours, with the statement it came from. */
export function sparkFailure(cause: unknown, statement: string | null): EngineError {
  if (cause instanceof EngineError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const options = { cause, ...(statement === null ? {} : { statement }) };
  if (cause instanceof GrpcError && cause.status === GrpcStatus.UNAVAILABLE) {
    const text = `Spark cannot be reached: ${message}. Check the address and that its Connect server runs.`;
    return new EngineError("ENGINE_UNAVAILABLE", text, options);
  }
  if (
    cause instanceof GrpcError &&
    (cause.status === GrpcStatus.UNAUTHENTICATED || cause.status === GrpcStatus.PERMISSION_DENIED)
  ) {
    const text = `Spark refuses the connection: ${message}. Check the token in the connection string.`;
    return new EngineError("ENGINE_UNAVAILABLE", text, options);
  }
  const errorClass = cause instanceof SparkError || cause instanceof GrpcError ? cause.errorClass : "";
  const known = CAUSES.find(({ pattern }) => pattern.test(errorClass) || pattern.test(message));
  const first = message.split("\n").find((line) => line.trim() !== "") ?? "";
  const named = errorClass === "" || first.includes(errorClass) ? first : `[${errorClass}] ${first}`;
  const text = `Spark could not run a statement: ${named}${known?.remedy ?? ""}`;
  return new EngineError(known?.code ?? "STATEMENT_FAILED", text, options);
}
