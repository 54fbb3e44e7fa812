import { LakeError } from "@medallion/lake";
import { addDays, type Day, dayBounds, type Micros } from "@medallion/lake/time";

/** The day that is `count` days later; null where there is none in the calendar. */
export function dayAfter(day: Day, count: number): Day | null {
  try {
    return addDays(day, count);
  } catch (error) {
    if (error instanceof LakeError && error.code === "DAY_INVALID") return null;
    throw error;
  }
}

/** The end of a day, or a time before that. */
export function endOfDayOr(day: Day, timeZone: string, now: Micros): { readonly at: Micros; readonly over: boolean } {
  const { end } = dayBounds(day, timeZone);
  return end <= now ? { at: end, over: true } : { at: now, over: false };
}
