import type { LakePath } from "@medallion/lake/layout";
import { GoldError } from "../errors.ts";
import type { Part, Rank } from "./evidence.ts";
import type { ExplainableNumber } from "./number.ts";
import { type ExplainableRecord, type ExplainableTask, latestTasks, taskOf } from "./tasks.ts";

/** A number of a document with the bronze lines behind it. */
export interface Explanation {
  readonly document: LakePath;
  readonly path: string;
  readonly value: number | null;
  readonly formula: string;
  /** For percentiles only. */
  readonly rank?: Rank;
  readonly rows: readonly ExplainedRow[];
}

/** A record behind a number. Its fields are those of silver; what was set aside may lack any of them. */
export interface ExplainedRow {
  readonly task_id: string | null;
  readonly status: string | null;
  readonly duration_seconds: number | null;
  readonly timestamp: string | null;
  readonly bronze: { readonly file: LakePath; readonly line: number };
  readonly source_file: string | null;
  readonly part: Part;
  readonly outcome: ExplainableTask["outcome"];
  /** The rule for which it was set aside; null when it was not. */
  readonly rule: string | null;
  readonly warnings: readonly string[];
}

/**
 * Finds a number by its path, such as `summary.failed_tasks` or `by_master[security-master].completed`; null when the
 * document has none there.
 */
export function findNumber(numbers: readonly ExplainableNumber[], path: string): ExplainableNumber | null {
  const found = numbers.find((number) => number.path === path);
  return found ?? numbers.find(({ aliases }) => aliases.includes(path)) ?? null;
}

/**
 * Lists the records behind a number, and checks that they give it.
 * @param records all that were counted for the document, with the columns of `explainColumns`
 * @throws GoldError NOT_EXPLAINABLE when the number is another one
 */
export function explainNumber(
  document: LakePath,
  number: ExplainableNumber,
  records: readonly ExplainableRecord[],
): Explanation {
  const all = records.map(taskOf);
  const { path, value, formula } = number;
  const evidence = number.evidence({ all, latest: latestTasks(all) });
  if (evidence.value !== value) {
    throw new GoldError(
      "NOT_EXPLAINABLE",
      `This cannot be explained: ${path} of ${document} is ${value}, and the records that were counted for it give ${evidence.value}. Next: \`medallion verify\` says what differs.`,
      { file: document, path, value, found: evidence.value },
    );
  }
  const rank = evidence.rank === undefined ? {} : { rank: evidence.rank };
  return { document, path, value, formula, ...rank, rows: evidence.rows.map(({ task, part }) => rowOf(task, part)) };
}

function rowOf(task: ExplainableTask, part: Part): ExplainedRow {
  const { taskId, status, timestamp, micros, file, line, sourceFile, outcome, rule, warnings } = task;
  return {
    task_id: taskId,
    status,
    duration_seconds: micros === null ? null : Number(micros) / 1_000_000,
    timestamp,
    bronze: { file, line },
    source_file: sourceFile,
    part,
    outcome,
    rule,
    warnings,
  };
}
