import type { DailyAnalytics } from "@medallion/schema/gold";
import { bucketOfMicros } from "../numbers/tally.ts";
import { countOf, extremeOf, meanOf, percentileOf, rateOf } from "./evidence.ts";
import { type ExplainableNumber, type GroupNumber, memberPaths } from "./number.ts";
import type { ExplainableTask } from "./tasks.ts";

type Summary = DailyAnalytics["summary"];
type Master = DailyAnalytics["by_master"][number];
type Performance = DailyAnalytics["performance"];

const isCompleted = (task: ExplainableTask) => task.isSuccess;
const notCancelled = (tasks: readonly ExplainableTask[]) => tasks.filter((task) => !task.isCancelled);

/** The numbers of `summary`. */
export function summaryNumbers(summary: Summary): ExplainableNumber[] {
  const { total_tasks, completed_tasks, failed_tasks, cancelled_tasks } = summary;
  const counts = { total: total_tasks, completed: completed_tasks, failed: failed_tasks, cancelled: cancelled_tasks };
  const extreme = (name: "minimum" | "maximum", member: keyof Summary): GroupNumber => ({
    name: member,
    value: summary[member],
    formula: `the ${name === "minimum" ? "least" : "greatest"} duration in seconds, three decimals`,
    evidence: (tasks) => extremeOf(tasks, name),
  });
  const numbers = [
    ...outcomeNumbers(counts, summary).map((item) =>
      item.name in counts ? { ...item, name: `${item.name}_tasks` } : item,
    ),
    extreme("minimum", "min_duration_seconds"),
    extreme("maximum", "max_duration_seconds"),
  ];
  return numbers.map(({ name, evidence, ...rest }) => ({
    ...rest,
    path: `summary.${name}`,
    aliases: [],
    evidence: ({ latest }) => evidence(latest),
  }));
}

/** The numbers of every item of `by_master`. */
export function masterNumbers(masters: readonly Master[]): ExplainableNumber[] {
  return masters.flatMap((item) =>
    outcomeNumbers(item, item).map(({ name, formula, evidence, value }) => ({
      ...memberPaths("by_master", "master", item.master, name),
      value,
      formula: `${formula}; of the tasks of the master "${item.master}"`,
      evidence: ({ latest }) => evidence(latest.filter(({ master }) => master === item.master)),
    })),
  );
}

/** The numbers of every item of `by_status`, `by_priority` or `by_type`. */
export function shareNumbers(
  column: "status" | "priority" | "type",
  items: readonly { readonly name: string; readonly count: number; readonly percentage: number }[],
): ExplainableNumber[] {
  return items.flatMap(({ name, count, percentage }): ExplainableNumber[] => {
    const has = (task: ExplainableTask) => task[column] === name;
    const paths = (member: string) => memberPaths(`by_${column}`, column, name, member);
    return [
      {
        ...paths("count"),
        value: count,
        formula: `tasks whose ${column} is "${name}"`,
        evidence: ({ latest }) => countOf(latest.filter(has)),
      },
      {
        ...paths("percentage"),
        value: percentage,
        formula: `tasks whose ${column} is "${name}" / all tasks * 100, one decimal`,
        evidence: ({ latest }) => rateOf(latest, has),
      },
    ];
  });
}

/** The numbers of `performance`. */
export function performanceNumbers(performance: Performance): ExplainableNumber[] {
  const percentiles = ([50, 95, 99] as const).map(
    (percent): ExplainableNumber => ({
      path: `performance.p${percent}_duration`,
      aliases: [],
      value: performance[`p${percent}_duration`],
      formula: `the duration at rank 1 + (durations - 1) * ${percent / 100} among all in order, by linear interpolation between the two next to it; seconds, three decimals`,
      evidence: ({ latest }) => percentileOf(latest, percent),
    }),
  );
  const bounds = { fast: "under 30 s", normal: "from 30 to 60 s, both included", slow: "over 60 s" } as const;
  const buckets = (["fast", "normal", "slow"] as const).map(
    (bucket): ExplainableNumber => ({
      path: `performance.buckets.${bucket}`,
      aliases: [],
      value: performance.buckets[bucket],
      formula: `tasks with a duration ${bounds[bucket]}`,
      evidence: ({ latest }) =>
        countOf(latest.filter(({ micros }) => micros !== null && bucketOfMicros(micros) === bucket)),
    }),
  );
  return [...percentiles, ...buckets];
}

function outcomeNumbers(
  counts: Pick<Master, "total" | "completed" | "failed" | "cancelled">,
  rates: Pick<Master, "completion_rate" | "success_rate" | "avg_duration_seconds">,
): GroupNumber[] {
  const count = (name: keyof typeof counts, formula: string, is: (task: ExplainableTask) => boolean): GroupNumber => ({
    name,
    value: counts[name],
    formula,
    evidence: (tasks) => countOf(tasks.filter(is)),
  });
  return [
    count("total", "tasks of the day, each in its latest state of the day", () => true),
    count("completed", "tasks whose status is completed", isCompleted),
    count("failed", "tasks whose status is failed", ({ isFailure }) => isFailure),
    count("cancelled", "tasks whose status is cancelled or canceled", ({ isCancelled }) => isCancelled),
    {
      name: "completion_rate",
      value: rates.completion_rate,
      formula: "completed / total * 100, one decimal; null when there is no task",
      evidence: (tasks) => rateOf(tasks, isCompleted),
    },
    {
      name: "success_rate",
      value: rates.success_rate,
      formula: "completed / (total - cancelled) * 100, one decimal; null when all are cancelled",
      evidence: (tasks) => rateOf(notCancelled(tasks), isCompleted),
    },
    {
      name: "avg_duration_seconds",
      value: rates.avg_duration_seconds,
      formula: "the sum of the durations / their number, in seconds, three decimals; null when there is none",
      evidence: meanOf,
    },
  ];
}
