import { EngineError } from "../errors.ts";
import { duckDbFailure } from "./failure.ts";

/** What a mistake in a query is called by DuckDB; anything else is not the query's fault. */
const MISTAKE =
  /^(?:Parser|Syntax|Binder|Catalog|Conversion|Invalid Input|Out of Range|Mismatch Type|Invalid type|Not implemented|Parameter Not Resolved|Parameter Not Allowed) Error: /;
const REFUSED = /^(?:Permission|Invalid Configuration|Missing Extension) Error: /;

/** A failure of a query that a user wrote, with the place of the mistake where DuckDB knows it. */
export function queryFailure(cause: unknown, statement: string): EngineError {
  if (cause instanceof EngineError) return cause;
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/^Failed to \w+ statements?: /, "");
  const options = { statement, cause };
  if (/^INTERRUPT/.test(message)) return interrupted(statement, cause);
  if (REFUSED.test(message)) {
    const [first = ""] = message.replace(REFUSED, "").split("\n");
    return refused(`it may read nothing but the views of the lake. ${first.replace(/ - file system.*$/, "")}`, options);
  }
  if (MISTAKE.test(message))
    return new EngineError("QUERY_INVALID", `The query has a mistake. ${short(message)}`, options);
  return duckDbFailure(cause, statement);
}

/** The error of a query that asks for more than reading. */
export function refused(
  reason: string,
  options: { readonly statement: string; readonly cause?: unknown },
): EngineError {
  return new EngineError("QUERY_REFUSED", `The query was not run: ${reason}`, options);
}

export function interrupted(statement: string, cause?: unknown): EngineError {
  return new EngineError("INTERRUPTED", "The query was interrupted.", { statement, cause });
}

const LONGEST_LINE = 300;

function short(message: string): string {
  return message
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
    .join("\n");
}
