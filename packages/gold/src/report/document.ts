import { encodeName, reportPath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type MasterReport, masterReport } from "@medallion/schema/gold";
import { checkDocument } from "../document/check.ts";
import { type DocumentContext, headOf } from "../document/head.ts";
import { percentileNumbers, seriesOf } from "../document/parts.ts";
import { meanSeconds } from "../exact.ts";
import { bucketsOf, ratesOf, type Tally } from "../numbers/tally.ts";
import type { ReportRows } from "./rows.ts";

/** What a master's report says besides its numbers. */
export interface ReportContext extends DocumentContext {
  readonly master: string;
  readonly day: Day;
  /** The first day of the trend. */
  readonly trendStart: Day;
  /** The master's tasks of each day of the trend. */
  readonly daily: ReadonlyMap<Day, Tally>;
  readonly inputs: MasterReport["inputs"];
}

/**
 * Makes a master's report without its `task_list` and `failures`, which may be long, and checks it against its schema.
 * @throws GoldError DOCUMENT_INVALID when it does not fit
 */
export function reportDocument(
  rows: Pick<ReportRows, "sum" | "percentiles" | "slowest">,
  context: ReportContext,
): MasterReport {
  const { master, day } = context;
  const { all } = rows.sum;
  const { completion_rate, success_rate, avg_duration_seconds } = ratesOf(all);
  const document: MasterReport = {
    master,
    date: day,
    ...headOf(context),
    metrics: {
      total_tasks: all.total,
      completed: all.completed,
      failed: all.failed,
      cancelled: all.cancelled,
      completion_rate,
      success_rate,
      avg_duration: avg_duration_seconds,
      min_duration: all.min === null ? null : meanSeconds(all.min, 1),
      max_duration: all.max === null ? null : meanSeconds(all.max, 1),
      ...percentileNumbers(rows.percentiles),
      buckets: bucketsOf(all),
    },
    task_list: [],
    failures: [],
    slowest: rows.slowest,
    trend: seriesOf(context.trendStart, day, context.daily),
    inputs: context.inputs,
  };
  checkDocument(masterReport, document, reportPath(encodeName(master), day));
  return document;
}
