import { meanSeconds, percentage, percentilePlace, percentileSeconds } from "../exact.ts";
import type { ExplainableTask } from "./tasks.ts";

/**
 * What a record is to a number. A rate names its numerator and then its denominator, in which the records of the
 * numerator stand again.
 */
export type Part = "counted" | "numerator" | "denominator" | "duration" | "minimum" | "maximum" | "lower" | "upper";

/** Where a percentile lies among the sorted durations. */
export interface Rank {
  /** How many durations there are. */
  readonly count: number;
  /** The place of the lower one, from 1. */
  readonly lower: number;
  /** The part of the way from the lower to the upper one, from 0 to 0.99. */
  readonly fraction: number;
}

/** The records behind a number, and the number that they give. */
export interface Evidence {
  readonly value: number | null;
  readonly rows: readonly { readonly task: ExplainableTask; readonly part: Part }[];
  readonly rank?: Rank;
}

/** A number of records. */
export function countOf(tasks: readonly ExplainableTask[]): Evidence {
  return { value: tasks.length, rows: partOf("counted", tasks) };
}

/** The share, in percent, of those of the tasks for which a condition holds. */
export function rateOf(tasks: readonly ExplainableTask[], holds: (task: ExplainableTask) => boolean): Evidence {
  const chosen = tasks.filter(holds);
  return {
    value: percentage(chosen.length, tasks.length),
    rows: [...partOf("numerator", chosen), ...partOf("denominator", tasks)],
  };
}

/** The mean duration in seconds. */
export function meanOf(tasks: readonly ExplainableTask[]): Evidence {
  const timed = sortedDurations(tasks);
  const sum = timed.reduce((total, { micros }) => total + micros, 0n);
  return { value: meanSeconds(sum, timed.length), rows: partOf("duration", timed) };
}

/** The least or the greatest duration in seconds; the row with it comes first. */
export function extremeOf(tasks: readonly ExplainableTask[], part: "minimum" | "maximum"): Evidence {
  const timed = sortedDurations(tasks);
  if (part === "maximum") timed.reverse();
  const [first, ...others] = timed;
  if (first === undefined) return { value: null, rows: [] };
  return { value: meanSeconds(first.micros, 1), rows: [...partOf(part, [first]), ...partOf("duration", others)] };
}

/** A percentile of the durations in seconds: the two between which it lies, or the one on which it falls. */
export function percentileOf(tasks: readonly ExplainableTask[], percent: number): Evidence {
  const timed = sortedDurations(tasks);
  if (timed.length === 0) return { value: null, rows: [] };
  const { index, hundredths } = percentilePlace(percent, timed.length);
  const [low, high] = [timed[index], timed[index + 1]];
  if (low === undefined) throw new TypeError(`there is no duration at place ${index}`);
  const upper = hundredths === 0 || high === undefined ? [] : [high];
  return {
    value: percentileSeconds(low.micros, (high ?? low).micros, hundredths),
    rows: [...partOf("lower", [low]), ...partOf("upper", upper)],
    rank: { count: timed.length, lower: index + 1, fraction: hundredths / 100 },
  };
}

function partOf(part: Part, tasks: readonly ExplainableTask[]): Evidence["rows"] {
  return tasks.map((task) => ({ task, part }));
}

function sortedDurations(tasks: readonly ExplainableTask[]) {
  return tasks
    .flatMap((task) => (task.micros === null ? [] : [{ ...task, micros: task.micros }]))
    .sort((a, b) => (a.micros < b.micros ? -1 : a.micros > b.micros ? 1 : 0));
}
