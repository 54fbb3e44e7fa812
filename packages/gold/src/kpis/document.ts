import { kpisPath } from "@medallion/lake/layout";
import { type Day, daysBetween } from "@medallion/lake/time";
import { type Kpis, kpis } from "@medallion/schema/gold";
import { checkDocument } from "../document/check.ts";
import { differences } from "../document/difference.ts";
import { type DocumentContext, headOf } from "../document/head.ts";
import { byMaster, percentileNumbers, seriesOf } from "../document/parts.ts";
import { roundedQuotient } from "../exact.ts";
import { bucketsOf, ratesOf } from "../numbers/tally.ts";
import type { RangeNumbers } from "../range/numbers.ts";

/** What a document of KPIs says besides its numbers. */
export interface KpisContext extends DocumentContext {
  readonly start: Day;
  readonly end: Day;
}

/** The numbers of a range and the range. */
export interface NumbersBefore {
  readonly start: Day;
  readonly end: Day;
  readonly numbers: RangeNumbers;
}

const COMPARED = [
  "total_tasks",
  "completed_tasks",
  "failed_tasks",
  "cancelled_tasks",
  "avg_completion_rate",
  "success_rate",
  "avg_task_duration",
  "min_duration",
  "max_duration",
  "p50_duration",
  "p95_duration",
  "p99_duration",
  "throughput_per_day",
] as const;

/**
 * Makes the KPIs of a range and checks them against their schema.
 * @param before the range of equal length before; null when there is none in the calendar
 * @throws GoldError DOCUMENT_INVALID when they do not fit
 */
export function kpisDocument(numbers: RangeNumbers, before: NumbersBefore | null, context: KpisContext): Kpis {
  const { start, end } = context;
  const own = kpiNumbers(numbers, start, end);
  const document: Kpis = {
    date_range: { start, end },
    ...headOf(context),
    basis: numbers.basis,
    kpis: own,
    daily: seriesOf(start, end, numbers.daily),
    by_master: byMaster(numbers.sum.masters),
    change:
      before === null
        ? null
        : {
            date_range: { start: before.start, end: before.end },
            basis: before.numbers.basis,
            kpis: differences(kpiNumbers(before.numbers, before.start, before.end), own, COMPARED),
          },
    inputs: [...(before?.numbers.inputs ?? []), ...numbers.inputs],
  };
  checkDocument(kpis, document, kpisPath(start, end));
  return document;
}

function kpiNumbers(numbers: RangeNumbers, start: Day, end: Day): Kpis["kpis"] {
  const { all } = numbers.sum;
  const days = daysBetween(start, end).length;
  const { completion_rate, success_rate, avg_duration_seconds } = ratesOf(all);
  return {
    days,
    total_tasks: all.total,
    completed_tasks: all.completed,
    failed_tasks: all.failed,
    cancelled_tasks: all.cancelled,
    avg_completion_rate: completion_rate,
    success_rate,
    avg_task_duration: avg_duration_seconds,
    min_duration: numbers.min,
    max_duration: numbers.max,
    ...percentileNumbers(numbers.percentiles),
    throughput_per_day: roundedQuotient(BigInt(all.completed), BigInt(days), 2) ?? 0,
    buckets: bucketsOf(all),
  };
}
