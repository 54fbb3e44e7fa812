import type { Kpis } from "@medallion/schema/gold";
import type { DayPartition } from "./partitions.ts";

/** What the numbers of a range were computed from, as documents say it. */
export type Basis = Kpis["basis"];

/** Says which days of a range were computed from rows and which were rolled up; days without rows break no range. */
export function basisOf(partitions: readonly DayPartition[]): Basis {
  const basis: Basis = { rows: [], rolled_up: [], percentiles: "exact" };
  let kind: DayPartition["kind"] | undefined;
  for (const partition of partitions) {
    const ranges = partition.kind === "rows" ? basis.rows : basis.rolled_up;
    const last = ranges.at(-1);
    if (last !== undefined && partition.kind === kind) last.end = partition.day;
    else ranges.push({ start: partition.day, end: partition.day });
    kind = partition.kind;
  }
  if (basis.rolled_up.length > 0) basis.percentiles = "sketch (relative error 0.5 %)";
  return basis;
}
