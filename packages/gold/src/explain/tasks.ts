import { type Engine, identifier, type Row, type Sql, sql } from "@medallion/engine";
import { namedDimensions } from "../range/latest.ts";

/** A record that was counted for a day, as `replayPartition` of @medallion/silver gives it. */
export interface ExplainableRecord {
  /** The bronze file, by its place in the lake, and the line in it, from 1. */
  readonly file: string;
  readonly line: number;
  readonly outcome: "row" | "superseded" | "duplicate" | "quarantined";
  readonly rule: string | null;
  readonly warnings: readonly string[];
  /** The columns of `explainColumns`. */
  readonly values: Row;
}

/** A record of a task, as far as numbers depend on it. What was set aside may lack any of it. */
export interface ExplainableTask extends Omit<ExplainableRecord, "values"> {
  readonly taskId: string | null;
  readonly status: string | null;
  /** ISO 8601 in UTC. */
  readonly timestamp: string | null;
  /** The timestamp in microseconds since the epoch. */
  readonly at: bigint | null;
  /** A missing value has its name, as in documents. */
  readonly master: string;
  readonly priority: string;
  readonly type: string;
  readonly isSuccess: boolean;
  readonly isFailure: boolean;
  readonly isCancelled: boolean;
  /** The duration in microseconds. */
  readonly micros: bigint | null;
  readonly sourceFile: string | null;
}

/** What must be known of records, as expressions over the columns of silver, by name. */
export function explainColumns({ dialect }: Pick<Engine, "dialect">): ReadonlyMap<string, Sql> {
  const timestamp = identifier("timestamp");
  const flags = ["is_success", "is_failure", "is_cancelled"].map(
    (name) => [name, sql`CASE WHEN ${identifier(name)} THEN 1 ELSE 0 END`] as const,
  );
  return new Map([
    ["task_id", identifier("task_id")],
    ["timestamp_text", dialect.instantText(timestamp)],
    ["at", dialect.micros(timestamp)],
    ...namedDimensions(),
    ["status", identifier("status")],
    ...flags,
    ["micros", dialect.microsOfSeconds(identifier("duration_seconds"))],
    ["source_file", identifier("source_file")],
  ]);
}

/** Reads the columns of `explainColumns`. */
export function taskOf({ values, ...record }: ExplainableRecord): ExplainableTask {
  const text = (name: string) => {
    const value = values[name];
    return value === null || value === undefined ? null : String(value);
  };
  const integer = (name: string) => {
    const value = text(name);
    return value === null ? null : BigInt(value);
  };
  const flag = (name: string) => Number(values[name]) === 1;
  return {
    ...record,
    taskId: text("task_id"),
    status: text("status"),
    timestamp: text("timestamp_text"),
    at: integer("at"),
    master: text("master") ?? "",
    priority: text("priority") ?? "",
    type: text("type") ?? "",
    isSuccess: flag("is_success"),
    isFailure: flag("is_failure"),
    isCancelled: flag("is_cancelled"),
    micros: integer("micros"),
    sourceFile: text("source_file"),
  };
}

/** Of the rows of silver, the latest of each task. */
export function latestTasks(records: readonly ExplainableTask[]): ExplainableTask[] {
  const latest = new Map<string, ExplainableTask>();
  for (const task of records) {
    if (task.outcome !== "row" || task.taskId === null || task.at === null) continue;
    const known = latest.get(task.taskId);
    if (known?.at === undefined || known.at === null || known.at < task.at) latest.set(task.taskId, task);
  }
  return [...latest.values()];
}
