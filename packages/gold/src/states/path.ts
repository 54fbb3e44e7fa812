import type { LakePath } from "@medallion/lake/layout";
import { checkDay, type Day } from "@medallion/lake/time";

/** `gold/analytics/daily-20251127.states`: the tasks of the daily document beside it, each in its state of that day. */
export function statesPath(day: Day): LakePath {
  return `gold/analytics/daily-${checkDay(day)}.states`;
}

/** Whether a path is a `statesPath`. */
export function isStates(path: LakePath): boolean {
  return /^gold\/analytics\/daily-[0-9]{8}\.states$/.test(path);
}
