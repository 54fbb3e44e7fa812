import type { Day } from "@medallion/lake/time";
import type { WeekdayScore } from "@medallion/schema/gold";
import { dayAfter } from "./days.ts";
import { OUTLIER, robustScore } from "./robust-z.ts";

/** Weeks that are looked back, and the fewest days by which a number is judged. */
const WEEKS = 8;
const FEWEST_DAYS = 4;
/** What differs by less is not worth a look: a tenth of the usual volume, one percentage point. */
const LEAST_VOLUME = 0.1;
const LEAST_POINTS = 1;

/** The counts by which days are compared. */
export interface DayCounts {
  readonly read: number;
  readonly duplicate: number;
  readonly quarantined: number;
}

const MEASURES = ["volume", "quarantined", "duplicates"] as const;

/**
 * Compares a day with the same weekday of the eight weeks before.
 * @param complete whether the day is over; until then a low volume says nothing
 */
export function weekdayScores(
  dataset: string,
  day: Day,
  complete: boolean,
  countsOf: (day: Day) => DayCounts | null,
): WeekdayScore[] {
  const history = Array.from({ length: WEEKS }, (_, index) => dayAfter(day, -7 * (index + 1))).flatMap((before) => {
    const counts = before === null ? null : countsOf(before);
    return counts === null || counts.read === 0 ? [] : [counts];
  });
  const today = countsOf(day) ?? { read: 0, duplicate: 0, quarantined: 0 };
  if (history.length < FEWEST_DAYS) return [];
  return MEASURES.flatMap((measure) => {
    if (measure !== "volume" && today.read === 0) return [];
    const value = amountOf(measure, today);
    const { median, score } = robustScore(
      value,
      history.map((counts) => amountOf(measure, counts)),
    );
    const distance = Math.abs(value - median);
    const matters = distance >= (measure === "volume" ? LEAST_VOLUME * median : LEAST_POINTS) && distance > 0;
    const known = measure !== "volume" || complete || value > median;
    const flagged = known && matters && (score === null || Math.abs(score) > OUTLIER);
    const rounded = { value: round(value), median: round(median), score: score === null ? null : round(score) };
    return [{ dataset, measure, ...rounded, days: history.length, flagged }];
  });
}

function amountOf(measure: (typeof MEASURES)[number], { read, duplicate, quarantined }: DayCounts): number {
  if (measure === "volume") return read;
  return ((measure === "quarantined" ? quarantined : duplicate) / read) * 100;
}

/** To two decimals. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}
