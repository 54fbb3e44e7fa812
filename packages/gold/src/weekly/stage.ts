import type { Engine } from "@medallion/engine";
import type { PartitionTotals } from "@medallion/lake";
import { weeklyPath } from "@medallion/lake/layout";
import { type Day, type Micros, weekOf } from "@medallion/lake/time";
import { rulesVersion } from "@medallion/schema/contract";
import type { WeeklyAnalytics } from "@medallion/schema/gold";
import { type StagedDocument, stageDocument } from "../document/check.ts";
import { rangeBefore } from "../document/parts.ts";
import { rangeNumbers } from "../range/numbers.ts";
import type { GoldPlace } from "../range/partitions.ts";
import { weeklyDocument } from "./document.ts";

export interface StageWeeklyOptions extends GoldPlace {
  readonly engine: Engine;
  /** Any day of the week. */
  readonly day: Day;
  readonly generatedAt: Micros;
}

/**
 * Stages `gold/analytics/weekly-YYYY-Www.json`, of the ISO week that a day is in. A task counts once, in its latest state
 * of the week.
 *
 * @throws LakeError DAY_INVALID
 * @throws GoldError SILVER_MISSING, ROLLUP_INVALID, DOCUMENT_INVALID
 * @throws EngineError
 */
export async function stageWeekly(options: StageWeeklyOptions): Promise<StagedDocument<WeeklyAnalytics>> {
  const { lake, dataset, generatedAt } = options;
  const week = weekOf(options.day);
  const range = rangeBefore(week.start, week.end);
  const before =
    range === null ? null : { ...range, numbers: await rangeNumbers({ ...options, ...range, shares: false }) };
  const numbers = await rangeNumbers({ ...options, start: week.start, end: week.end, shares: true });
  const document = weeklyDocument(numbers, before, {
    ...week,
    timeZone: lake.timeZone,
    generatedAt,
    rulesVersion: rulesVersion(dataset),
    totals: totalsBetween(options, week.start, week.end),
  });
  const path = weeklyPath(week.week);
  await stageDocument(options, path, document);
  return { path, document };
}

function totalsBetween({ transaction, dataset, changed = [] }: GoldPlace, start: Day, end: Day): PartitionTotals[] {
  const totals = new Map<Day, PartitionTotals>();
  for (const partition of transaction.state.partitions.values()) {
    if (partition.dataset === dataset.name) totals.set(partition.day, partition);
  }
  for (const input of changed) totals.set(input.day, input.totals);
  return [...totals.values()].filter(({ day }) => day >= start && day <= end);
}
