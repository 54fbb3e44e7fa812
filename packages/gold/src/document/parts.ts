import { LakeError, type PartitionTotals } from "@medallion/lake";
import { addDays, type Day, daysBetween } from "@medallion/lake/time";
import type { DailyAnalytics, Kpis } from "@medallion/schema/gold";
import { percentage } from "../exact.ts";
import type { Contribution, ShareColumn } from "../numbers/contribution.ts";
import { bucketsOf, groupOf, NO_TASKS, ratesOf, type Tally } from "../numbers/tally.ts";
import { sortedByName } from "../order.ts";
import type { Percentiles } from "../range/percentiles.ts";

/** The `summary` of a document. */
export function summaryOf(
  tally: Tally,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): DailyAnalytics["summary"] {
  return {
    total_tasks: tally.total,
    completed_tasks: tally.completed,
    failed_tasks: tally.failed,
    cancelled_tasks: tally.cancelled,
    ...ratesOf(tally),
    min_duration_seconds: min,
    max_duration_seconds: max,
  };
}

/** `by_master` of a document. */
export function byMaster(masters: ReadonlyMap<string, Tally>): DailyAnalytics["by_master"] {
  return sortedByName(masters).map(([master, tally]) => ({ master, ...groupOf(tally) }));
}

/** `by_status`, `by_priority` and `by_type` of a document. */
export function sharesOf(all: Tally, shares: Contribution["shares"]) {
  const sorted = (column: ShareColumn) =>
    sortedByName(shares[column]).map(([value, count]) => ({
      value,
      count,
      percentage: percentage(count, all.total) ?? 0,
    }));
  return {
    by_status: sorted("status").map(({ value, ...share }) => ({ status: value, ...share })),
    by_priority: sorted("priority").map(({ value, ...share }) => ({ priority: value, ...share })),
    by_type: sorted("type").map(({ value, ...share }) => ({ type: value, ...share })),
  };
}

/** `performance` of a document. */
export function performanceOf(tally: Tally, percentiles: Percentiles): DailyAnalytics["performance"] {
  return { ...percentileNumbers(percentiles), buckets: bucketsOf(tally) };
}

/** Percentiles under the names that documents give them. */
export function percentileNumbers(percentiles: Percentiles) {
  return { p50_duration: percentiles[50], p95_duration: percentiles[95], p99_duration: percentiles[99] };
}

/** The daily series of a range, with a point for every day. */
export function seriesOf(start: Day, end: Day, daily: ReadonlyMap<Day, Tally>): Kpis["daily"] {
  return daysBetween(start, end).map((day) => ({ date: day, ...groupOf(daily.get(day) ?? NO_TASKS) }));
}

const TREND_DAYS = 7;
/** The first day whose trend is not cut off by the start of the calendar. */
const FIRST_WHOLE_TREND = "00010107";

/** The first of the seven days that end with a day. */
export function trendStart(day: Day): Day {
  return day < FIRST_WHOLE_TREND ? "00010101" : addDays(day, 1 - TREND_DAYS);
}

/** The range of equal length that ends where another one begins; null when the calendar has none. */
export function rangeBefore(start: Day, end: Day): { readonly start: Day; readonly end: Day } | null {
  try {
    return { start: addDays(start, -daysBetween(start, end).length), end: addDays(start, -1) };
  } catch (error) {
    if (error instanceof LakeError && error.code === "DAY_INVALID") return null;
    throw error;
  }
}

/** Where the records of partitions went, all together. */
export function qualityOf(partitions: readonly PartitionTotals[]): DailyAnalytics["quality"] {
  const sum = (of: (totals: PartitionTotals) => number) =>
    partitions.reduce((total, partition) => total + of(partition), 0);
  return {
    read: sum(({ read }) => read),
    accepted: sum(({ accepted }) => accepted),
    duplicates: sum(({ duplicate }) => duplicate),
    quarantined: sum(({ quarantined }) => quarantined),
    superseded: sum(({ superseded }) => superseded),
    rows: sum(({ rows }) => rows),
    rejects: sumRecords(partitions.map(({ rejects }) => rejects)),
    warnings: sumRecords(partitions.map(({ warnings }) => warnings)),
  };
}

function sumRecords(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>();
  for (const record of records) {
    for (const [name, count] of Object.entries(record)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return Object.fromEntries(sortedByName(sums));
}
