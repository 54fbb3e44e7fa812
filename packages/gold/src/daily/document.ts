import type { PartitionTotals } from "@medallion/lake";
import { dailyPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type DailyAnalytics, dailyAnalytics } from "@medallion/schema/gold";
import { checkDocument } from "../document/check.ts";
import { type DocumentContext, headOf } from "../document/head.ts";
import { byMaster, performanceOf, qualityOf, sharesOf, summaryOf } from "../document/parts.ts";
import { meanSeconds, percentilePlace, percentileSeconds } from "../exact.ts";
import type { ShareColumn } from "../numbers/contribution.ts";
import { NO_TASKS } from "../numbers/tally.ts";
import type { DailyRows, RankedDuration } from "./rows.ts";

/** What a daily document says besides its numbers. */
export interface DailyContext extends DocumentContext {
  readonly day: Day;
  /** The counts of the day's partition since it was last rebuilt. */
  readonly totals: PartitionTotals;
  readonly inputs: DailyAnalytics["inputs"];
}

/**
 * Makes a day's document from its rows and checks it against its schema.
 * @throws GoldError DOCUMENT_INVALID when it does not fit
 */
export function dailyDocument(rows: DailyRows, context: DailyContext): DailyAnalytics {
  const { day, totals } = context;
  const outcomes = rows.outcomes.filter((row) => row.day === day);
  const all = outcomes.find((row) => row.master === null) ?? NO_TASKS;
  const sorted = new Map(rows.durations.filter((row) => row.day === day).map((row) => [row.index, row]));
  const shares = (dimension: ShareColumn) =>
    new Map(
      rows.shares
        .filter((row) => row.day === day && row.dimension === dimension)
        .map(({ value, count }) => [value, count]),
    );
  const masters = new Map(
    outcomes.flatMap(({ master, ...tally }) => (master === null ? [] : [[master, tally] as const])),
  );
  const percentiles = {
    50: percentileOf(sorted, 50, all.durations),
    95: percentileOf(sorted, 95, all.durations),
    99: percentileOf(sorted, 99, all.durations),
  };
  const document: DailyAnalytics = {
    date: day,
    ...headOf(context),
    summary: summaryOf(all, {
      min: all.min === null ? null : meanSeconds(all.min, 1),
      max: all.max === null ? null : meanSeconds(all.max, 1),
    }),
    by_master: byMaster(masters),
    ...sharesOf(all, { status: shares("status"), priority: shares("priority"), type: shares("type") }),
    performance: performanceOf(all, percentiles),
    quality: qualityOf([totals]),
    inputs: context.inputs,
  };
  checkDocument(dailyAnalytics, document, dailyPath(day));
  return document;
}

function percentileOf(sorted: ReadonlyMap<number, RankedDuration>, percent: number, count: number): number | null {
  if (count === 0) return null;
  const { index, hundredths } = percentilePlace(percent, count);
  const low = sorted.get(index);
  if (low === undefined) throw new TypeError(`the duration at place ${index} is missing`);
  return percentileSeconds(low.micros, (sorted.get(index + 1) ?? low).micros, hundredths);
}
