import type { DailyAnalytics, Kpis, MasterReport, WeeklyAnalytics } from "@medallion/schema/gold";
import { bar, sparkline } from "../chart.ts";
import { counted, table } from "../terminal.ts";

const BAR_WIDTH = 20;
const TASKS_SHOWN = 10;

/** A daily document for people. */
export function describeDaily({ date, summary, by_master, performance }: DailyAnalytics): string[] {
  return [
    `${date}: ${tasksText(summary.total_tasks, summary)}`,
    durationsText(summary.avg_duration_seconds, performance),
    ...groups(
      "master",
      by_master.map(({ master, ...group }) => ({ name: master, ...group })),
    ),
  ];
}

/** A weekly document for people. */
export function describeWeekly({
  week,
  date_range,
  summary,
  by_master,
  performance,
  daily,
}: WeeklyAnalytics): string[] {
  return [
    `${week} (${date_range.start} to ${date_range.end}): ${tasksText(summary.total_tasks, summary)}`,
    durationsText(summary.avg_duration_seconds, performance),
    ...groups(
      "day",
      daily.map(({ date, ...group }) => ({ name: date, ...group })),
    ),
    ...groups(
      "master",
      by_master.map(({ master, ...group }) => ({ name: master, ...group })),
    ),
  ];
}

/** The KPIs of a range for people. */
export function describeKpis({ date_range, kpis, by_master, daily, change, basis }: Kpis): string[] {
  const series = sparkline(daily.map(({ completed }) => completed));
  const before = change?.kpis.avg_completion_rate.absolute ?? null;
  const rolledUp =
    basis.rolled_up.length === 0 ? [] : [`Some days are rolled up: percentiles by ${basis.percentiles}.`];
  return [
    `${date_range.start} to ${date_range.end}: ${tasksText(kpis.total_tasks, { ...kpis, completion_rate: kpis.avg_completion_rate })}`,
    durationsText(kpis.avg_task_duration, kpis),
    `Completed a day: ${kpis.throughput_per_day}${series === "" ? "" : `  ${series}`}`,
    ...(before === null ? [] : [`Completion rate against the range before: ${before > 0 ? "+" : ""}${before} points.`]),
    ...rolledUp,
    ...groups(
      "master",
      by_master.map(({ master, ...group }) => ({ name: master, ...group })),
    ),
  ];
}

/** A master's report for people. */
export function describeReport({ master, date, metrics, task_list, failures, slowest, trend }: MasterReport): string[] {
  const series = sparkline(trend.map(({ total }) => total));
  return [
    `${master} on ${date}: ${tasksText(metrics.total_tasks, { ...metrics, failed_tasks: metrics.failed, cancelled_tasks: metrics.cancelled })}`,
    durationsText(metrics.avg_duration, metrics),
    ...(metrics.total_tasks > 0
      ? []
      : [`No task of that day has this master. \`medallion analytics daily ${date}\` lists those that have tasks.`]),
    ...(series === "" ? [] : [`Tasks of the last ${trend.length} days: ${series}`]),
    ...(failures.length === 0 ? [] : ["", `Failed: ${failures.slice(0, TASKS_SHOWN).map(failureText).join("; ")}`]),
    ...(slowest.length === 0
      ? []
      : [
          "",
          ...table(
            ["slowest", "status", "seconds"],
            slowest.map((task) => [task.task_id, task.status, task.duration_seconds]),
          ),
        ]),
    ...(task_list.length > TASKS_SHOWN ? ["", `The document lists all ${counted(task_list.length, "task")}.`] : []),
  ];
}

function failureText({ task_id, error }: MasterReport["failures"][number]): string {
  return error === null ? task_id : `${task_id} (${error.slice(0, 80)})`;
}

function tasksText(
  total: number,
  of: { readonly completion_rate: number | null; readonly failed_tasks: number; readonly cancelled_tasks: number },
): string {
  const rate = of.completion_rate === null ? "" : `, ${of.completion_rate} % completed`;
  return `${counted(total, "task")}${rate}, ${of.failed_tasks} failed, ${of.cancelled_tasks} cancelled.`;
}

function durationsText(
  mean: number | null,
  of: {
    readonly p50_duration: number | null;
    readonly p95_duration: number | null;
    readonly p99_duration: number | null;
  },
): string {
  if (mean === null) return "No durations.";
  return `Seconds: mean ${mean}, median ${of.p50_duration}, p95 ${of.p95_duration}, p99 ${of.p99_duration}.`;
}

interface Group {
  readonly name: string;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly completion_rate: number | null;
  readonly avg_duration_seconds: number | null;
}

function groups(noun: string, items: readonly Group[]): string[] {
  if (items.length === 0) return [];
  const most = Math.max(...items.map(({ total }) => total));
  const rows = items.map((item) => [
    item.name,
    item.total,
    item.completed,
    item.failed,
    item.completion_rate === null ? "-" : `${item.completion_rate} %`,
    item.avg_duration_seconds === null ? "-" : `${item.avg_duration_seconds} s`,
    bar(item.total, most, BAR_WIDTH),
  ]);
  return ["", ...table([noun, "tasks", "completed", "failed", "rate", "mean", ""], rows)];
}
