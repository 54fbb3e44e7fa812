import { formatUtc, type Micros } from "@medallion/lake/time";
import type { QualityFreshness } from "@medallion/schema/gold";

/** From which age on a data set is late, in seconds; null where no limit is set. */
export interface FreshnessLimits {
  readonly warnAfter: number | null;
  readonly errorAfter: number | null;
}

/**
 * How fresh a data set is.
 * @param newest the time of its newest record, in microseconds; null where it has none
 * @param at the time for which its age is told, in microseconds
 */
export function freshnessOf(
  newest: Micros | null,
  at: Micros,
  { warnAfter, errorAfter }: FreshnessLimits,
): QualityFreshness {
  const age = newest === null ? null : Number(at > newest ? at - newest : 0n) / 1e6;
  const isOver = (limit: number | null) => age !== null && limit !== null && age > limit;
  return {
    newest: newest === null ? null : formatUtc(newest),
    age_seconds: age === null ? null : Math.round(age * 1000) / 1000,
    warn_after_seconds: warnAfter,
    error_after_seconds: errorAfter,
    level: isOver(errorAfter) ? "error" : isOver(warnAfter) ? "warn" : "ok",
  };
}

/** That a data set is late, in words. */
export function describeAge({ age_seconds, newest }: QualityFreshness): string {
  const hours = Math.floor((age_seconds ?? 0) / 3600);
  const age = hours >= 48 ? `${Math.floor(hours / 24)} days` : hours >= 1 ? `${hours} hours` : `${age_seconds} seconds`;
  return `its newest record is of ${newest}, ${age} old`;
}
