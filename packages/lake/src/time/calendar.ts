/** A calendar date YYYYMMDD, 00010101 to 99991231, in the proleptic Gregorian calendar. */
export type Day = string;

const DAY_MILLISECONDS = 86_400_000;
/** 0001-01-01, as days since 1970-01-01. */
export const FIRST_DAY_NUMBER = -719_162;
/** 9999-12-31, as days since 1970-01-01. */
export const LAST_DAY_NUMBER = 2_932_896;

/** Whether the text is YYYYMMDD and that date exists. */
export function isDay(text: string): boolean {
  return numberOfDay(text) !== null;
}

/** Days since 1970-01-01; null when the text is not YYYYMMDD or the date does not exist. */
export function numberOfDay(text: string): number | null {
  if (!/^[0-9]{8}$/.test(text)) return null;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6))];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / DAY_MILLISECONDS : null;
}

/** The date a number of days after 1970-01-01; the number must lie in years 0001 to 9999. */
export function dayOfNumber(number: number): Day {
  return new Date(number * DAY_MILLISECONDS).toISOString().slice(0, 10).replaceAll("-", "");
}

/** Seconds since the epoch of a date and time of day, both as on a clock that shows UTC. */
export function secondsOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() / 1000;
}
