import { type Day, formatUtc, type Micros, type PartitionTotals } from "@medallion/lake";
import { type DailyAnalytics, dailyAnalytics } from "@medallion/schema";
import { GoldError } from "../errors.ts";
import { meanSeconds, percentage, percentilePlace, percentileSeconds } from "../exact.ts";
import type { DailyRows, OutcomeRow, RankedDuration } from "./rows.ts";

/** What a daily document says besides its numbers. */
export interface DailyContext {
  readonly day: Day;
  readonly timeZone: string;
  readonly generatedAt: Micros;
  readonly rulesVersion: string;
  /** The counts of the day's partition since it was last rebuilt. */
  readonly totals: PartitionTotals;
  readonly inputs: DailyAnalytics["inputs"];
}

const NO_TASKS: Omit<OutcomeRow, "day" | "master"> = {
  total: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  durations: 0,
  sum: 0n,
  min: null,
  max: null,
  fast: 0,
  slow: 0,
};

/**
 * Makes a day's document from its rows and checks it against its schema.
 * @throws GoldError DOCUMENT_INVALID when it does not fit
 */
export function dailyDocument(rows: DailyRows, context: DailyContext): DailyAnalytics {
  const { day, totals } = context;
  const outcomes = rows.outcomes.filter((row) => row.day === day);
  const all = outcomes.find((row) => row.master === null) ?? NO_TASKS;
  const sorted = new Map(rows.durations.filter((row) => row.day === day).map((row) => [row.index, row]));
  const shares = (dimension: string) =>
    rows.shares
      .filter((row) => row.day === day && row.dimension === dimension)
      .sort((a, b) => compare(a.value, b.value))
      .map(({ value, count }) => ({ value, count, percentage: percentage(count, all.total) ?? 0 }));
  const document: DailyAnalytics = {
    date: day,
    layer: "gold",
    generated_at: formatUtc(context.generatedAt),
    timezone: context.timeZone,
    rules_version: context.rulesVersion,
    summary: {
      total_tasks: all.total,
      completed_tasks: all.completed,
      failed_tasks: all.failed,
      cancelled_tasks: all.cancelled,
      ...ratesOf(all),
      min_duration_seconds: all.min === null ? null : meanSeconds(all.min, 1),
      max_duration_seconds: all.max === null ? null : meanSeconds(all.max, 1),
    },
    by_master: outcomes
      .flatMap(({ master, ...row }) => (master === null ? [] : [{ master, row }]))
      .sort((a, b) => compare(a.master, b.master))
      .map(({ master, row }) => ({
        master,
        total: row.total,
        completed: row.completed,
        failed: row.failed,
        cancelled: row.cancelled,
        ...ratesOf(row),
      })),
    by_status: shares("status").map(({ value, ...share }) => ({ status: value, ...share })),
    by_priority: shares("priority").map(({ value, ...share }) => ({ priority: value, ...share })),
    by_type: shares("type").map(({ value, ...share }) => ({ type: value, ...share })),
    performance: {
      p50_duration: percentileOf(sorted, 50, all.durations),
      p95_duration: percentileOf(sorted, 95, all.durations),
      p99_duration: percentileOf(sorted, 99, all.durations),
      buckets: { fast: all.fast, normal: all.durations - all.fast - all.slow, slow: all.slow },
    },
    quality: {
      read: totals.read,
      accepted: totals.accepted,
      duplicates: totals.duplicate,
      quarantined: totals.quarantined,
      superseded: totals.superseded,
      rows: totals.rows,
      rejects: { ...totals.rejects },
      warnings: { ...totals.warnings },
    },
    inputs: context.inputs,
  };
  const checked = dailyAnalytics.safeParse(document);
  if (checked.success) return document;
  const [issue] = checked.error.issues;
  throw new GoldError(
    "DOCUMENT_INVALID",
    `The daily document of ${day} does not fit its schema at ${issue?.path.join(".")}: ${issue?.message}. Nothing was written; please report this.`,
    { day, path: issue?.path.join(".") ?? null },
  );
}

function ratesOf(row: Omit<OutcomeRow, "day" | "master">) {
  return {
    completion_rate: percentage(row.completed, row.total),
    success_rate: percentage(row.completed, row.total - row.cancelled),
    avg_duration_seconds: meanSeconds(row.sum, row.durations),
  };
}

function percentileOf(sorted: ReadonlyMap<number, RankedDuration>, percent: number, count: number): number | null {
  if (count === 0) return null;
  const { index, hundredths } = percentilePlace(percent, count);
  const low = sorted.get(index);
  if (low === undefined) throw new TypeError(`the duration at place ${index} is missing`);
  return percentileSeconds(low.micros, (sorted.get(index + 1) ?? low).micros, hundredths);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
