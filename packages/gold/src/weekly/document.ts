import type { PartitionTotals } from "@medallion/lake";
import { weeklyPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type WeeklyAnalytics, weeklyAnalytics } from "@medallion/schema/gold";
import { checkDocument } from "../document/check.ts";
import { differences } from "../document/difference.ts";
import { type DocumentContext, headOf } from "../document/head.ts";
import { byMaster, performanceOf, qualityOf, seriesOf, sharesOf, summaryOf } from "../document/parts.ts";
import type { NumbersBefore } from "../kpis/document.ts";
import type { RangeNumbers } from "../range/numbers.ts";

/** What a weekly document says besides its numbers. */
export interface WeeklyContext extends DocumentContext {
  /** As `weekOf` names it, with its Monday and Sunday. */
  readonly week: string;
  readonly start: Day;
  readonly end: Day;
  /** The counts of the week's partitions. */
  readonly totals: readonly PartitionTotals[];
}

const COMPARED = [
  "total_tasks",
  "completed_tasks",
  "failed_tasks",
  "cancelled_tasks",
  "completion_rate",
  "success_rate",
  "avg_duration_seconds",
  "min_duration_seconds",
  "max_duration_seconds",
] as const;

/**
 * Makes a week's document and checks it against its schema.
 * @param before the week before; null when there is none in the calendar
 * @throws GoldError DOCUMENT_INVALID when it does not fit
 */
export function weeklyDocument(
  numbers: RangeNumbers,
  before: NumbersBefore | null,
  context: WeeklyContext,
): WeeklyAnalytics {
  const { week, start, end } = context;
  const summary = summaryOf(numbers.sum.all, numbers);
  const document: WeeklyAnalytics = {
    week,
    date_range: { start, end },
    ...headOf(context),
    basis: numbers.basis,
    summary,
    by_master: byMaster(numbers.sum.masters),
    ...sharesOf(numbers.sum.all, numbers.sum.shares),
    performance: performanceOf(numbers.sum.all, numbers.percentiles),
    daily: seriesOf(start, end, numbers.daily),
    change:
      before === null
        ? null
        : {
            date_range: { start: before.start, end: before.end },
            basis: before.numbers.basis,
            summary: differences(summaryOf(before.numbers.sum.all, before.numbers), summary, COMPARED),
          },
    quality: qualityOf(context.totals),
    inputs: [...(before?.numbers.inputs ?? []), ...numbers.inputs],
  };
  checkDocument(weeklyAnalytics, document, weeklyPath(week));
  return document;
}
