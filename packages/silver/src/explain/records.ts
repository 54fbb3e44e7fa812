import type { Row } from "@medallion/engine";
import type { LakePath } from "@medallion/lake/layout";

/** What became of a record: a `row` stands in silver; one that stood and was replaced by a later run is `superseded`. */
export type Outcome = "row" | "superseded" | "duplicate" | "quarantined";

/** A record that was counted for a partition, and its line in bronze. */
export interface ReplayedRecord {
  readonly file: LakePath;
  /** From 1. */
  readonly line: number;
  /** The commit that read it. */
  readonly commit: number;
  readonly outcome: Outcome;
  /** The commit with the record that replaced it; null unless it is superseded. */
  readonly supersededBy: number | null;
  /** The rule for which it was set aside; null when it was not. */
  readonly rule: string | null;
  /** The rules of severity `warn` that it breaks. */
  readonly warnings: readonly string[];
  /** The columns that were asked for. */
  readonly values: Row;
}

/** Reads a row of `outcomesQuery`. */
export function recordOf(row: Row): ReplayedRecord {
  const { path, line_number, commit_number, outcome, superseded_by, rule, warnings, ...values } = row;
  const supersededBy = superseded_by === null || superseded_by === undefined ? null : Number(superseded_by);
  return {
    file: String(path),
    line: Number(line_number),
    commit: Number(commit_number),
    outcome: outcomeOf(outcome, supersededBy),
    supersededBy,
    rule: typeof rule === "string" ? rule : null,
    warnings: typeof warnings === "string" ? listOf(warnings) : [],
    values,
  };
}

function outcomeOf(outcome: Row[string] | undefined, supersededBy: number | null): Outcome {
  if (outcome === "quarantined" || outcome === "duplicate") return outcome;
  return supersededBy === null ? "row" : "superseded";
}

function listOf(text: string): string[] {
  const list: unknown = JSON.parse(text);
  return Array.isArray(list) ? list.map(String) : [];
}
