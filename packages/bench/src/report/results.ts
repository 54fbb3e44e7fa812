import type { Summary } from "../measure/sample.ts";

/** One row of the table: a tool at a task. */
export interface Result extends Summary {
  /** The group of the rows that can be compared, such as `run`. */
  readonly task: string;
  readonly tool: string;
  /** The tool that the ratio in the table is to. */
  readonly beside: string;
  /** How many records were worked on; null for a start-up. */
  readonly records: number | null;
  /** What the reader must know to judge the row. */
  readonly note: string | null;
}

/** A row of the targets. */
export interface Target {
  readonly work: string;
  readonly target: string;
  /** What was measured, as text with its unit; why not, when it was not. */
  readonly measured: string;
  readonly verdict: "met" | "missed" | "not measured";
}

/** Something that was left out, and why. */
export interface Skipped {
  readonly what: string;
  readonly why: string;
}

/** What a benchmark found. */
export interface Findings {
  readonly results: readonly Result[];
  readonly targets: readonly Target[];
  readonly skipped: readonly Skipped[];
}

/** A target that a number must stay under or, with `atLeast`, reach. */
export function judge(options: {
  readonly work: string;
  readonly target: string;
  readonly value: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit: string;
}): Target {
  const { work, target, value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY, unit } = options;
  const verdict = value <= atMost && value >= atLeast ? "met" : "missed";
  return { work, target, measured: `${amount(value)} ${unit}`.trim(), verdict };
}

/** A target that this run did not measure. */
export function notMeasured(work: string, target: string, why: string): Target {
  return { work, target, measured: why, verdict: "not measured" };
}

/** A number with three significant digits, and thousands kept apart. */
export function amount(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}
