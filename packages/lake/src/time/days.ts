import { LakeError } from "../errors.ts";
import { type Day, dayOfNumber, FIRST_DAY_NUMBER, isDay, LAST_DAY_NUMBER, numberOfDay } from "./calendar.ts";
import { type Micros, nowMicros, splitMicros } from "./instants.ts";
import { changeOfOffset, offsetAt } from "./time-zones.ts";

const DAY_SECONDS = 86_400;
const HOUR = 3600;
/** More than the largest offset of any zone. */
const REACH_HOURS = 26;

/** In which zone days are, and what `today` is. */
export interface DayOptions {
  /** IANA name. */
  readonly timeZone: string;
  /** What `today` is reckoned from; default: the clock. */
  readonly now?: Date;
}

/**
 * The local calendar date of an instant.
 * @throws LakeError `DAY_INVALID` where the instant or its local date is outside the years 0001 to 9999
 * @throws LakeError `TIME_ZONE_INVALID`
 */
export function dayOfMicros(micros: Micros, timeZone: string): Day {
  const { second } = splitMicros(micros);
  return cachedDay(Math.floor((second + offsetAt(second, timeZone)) / DAY_SECONDS));
}

/**
 * Reads a date argument: `YYYYMMDD`, `YYYY-MM-DD`, `today` or `yesterday`.
 * @throws LakeError `DAY_INVALID` for another form or a date that does not exist
 */
export function parseDay(text: string, options: DayOptions): Day {
  if (text === "today" || text === "yesterday") {
    const now = options.now === undefined ? nowMicros() : BigInt(options.now.getTime()) * 1000n;
    const today = dayOfMicros(now, options.timeZone);
    return text === "today" ? today : addDays(today, -1);
  }
  const day = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text) ? text.replaceAll("-", "") : text;
  checkedNumber(day, text);
  return day;
}

/**
 * Reads the two ends of a range of days; both belong to it.
 * @throws LakeError `DAY_INVALID`
 * @throws LakeError `DAY_RANGE_INVALID` when the end is before the start
 */
export function parseDayRange(start: string, end: string, options: DayOptions): { start: Day; end: Day } {
  const range = { start: parseDay(start, options), end: parseDay(end, options) };
  checkOrder(range.start, range.end);
  return range;
}

/**
 * The day that is `count` days later, or earlier for a negative count.
 * @throws LakeError `DAY_INVALID` when the day does not exist or the result leaves the years 0001 to 9999
 */
export function addDays(day: Day, count: number): Day {
  return dayInReach(checkedNumber(day, day) + count);
}

/**
 * All days from `start` to `end`, both included.
 * @throws LakeError `DAY_INVALID`
 * @throws LakeError `DAY_RANGE_INVALID` when the end is before the start
 */
export function daysBetween(start: Day, end: Day): Day[] {
  const first = checkedNumber(start, start);
  const last = checkedNumber(end, end);
  checkOrder(start, end);
  return Array.from({ length: last - first + 1 }, (_, index) => dayOfNumber(first + index));
}

/**
 * The instants [`start`, `end`) of a local day: 23, 24 or 25 hours as a rule, none where a zone skipped the date.
 * The start is the first instant whose local date is `day` or later. (Where a zone once set its clock back across
 * midnight, the repeated last hour of the day before lies after that instant; `dayOfMicros` gives its date.)
 * @throws LakeError `DAY_INVALID`
 * @throws LakeError `TIME_ZONE_INVALID`
 */
export function dayBounds(day: Day, timeZone: string): { start: Micros; end: Micros } {
  const number = checkedNumber(day, day);
  const micros = (dayNumber: number) => BigInt(firstSecondOf(dayNumber, timeZone)) * 1_000_000n;
  return { start: micros(number), end: micros(number + 1) };
}

/**
 * The ISO 8601 week of a day, as `2025-W48` (of the year that its Thursday is in), with its Monday and Sunday.
 * @throws LakeError `DAY_INVALID` also for the few days whose week is not wholly in the years 0001 to 9999
 */
export function weekOf(day: Day): { week: string; start: Day; end: Day } {
  const number = checkedNumber(day, day);
  // 1970-01-01 was a Thursday, the fourth day of its week.
  const monday = number - ((((number + 3) % 7) + 7) % 7);
  const [start, thursday, end] = [dayInReach(monday), dayInReach(monday + 3), dayInReach(monday + 6)];
  const year = thursday.slice(0, 4);
  const firstOfYear = checkedNumber(`${year}0101`, day);
  const week = Math.floor((monday + 3 - firstOfYear) / 7) + 1;
  return { week: `${year}-W${String(week).padStart(2, "0")}`, start, end };
}

/** @throws LakeError `DAY_INVALID` unless the text is a YYYYMMDD that exists. */
export function checkDay(day: string): Day {
  if (!isDay(day)) throw invalidDay(day);
  return day;
}

function firstSecondOf(dayNumber: number, timeZone: string): number {
  const midnight = dayNumber * DAY_SECONDS;
  let from = midnight - REACH_HOURS * HOUR;
  for (let hour = 1; hour <= 2 * REACH_HOURS; hour++) {
    const to = midnight + (hour - REACH_HOURS) * HOUR;
    const before = offsetAt(from, timeZone);
    const after = offsetAt(to, timeZone);
    const change = before === after ? to : changeOfOffset(from, to, timeZone);
    const early = Math.max(from, midnight - before);
    if (early < change) return early;
    const late = Math.max(change, midnight - after);
    if (late < to) return late;
    from = to;
  }
  return midnight;
}

let lastNumber = Number.NaN;
let lastDay = "";

/** Instants that are read one after the other mostly share their day. */
function cachedDay(number: number): Day {
  if (number !== lastNumber) {
    lastDay = dayInReach(number);
    lastNumber = number;
  }
  return lastDay;
}

function dayInReach(number: number): Day {
  if (Number.isInteger(number) && number >= FIRST_DAY_NUMBER && number <= LAST_DAY_NUMBER) return dayOfNumber(number);
  const found = number < FIRST_DAY_NUMBER ? "one before the year 0001" : "one after the year 9999";
  throw new LakeError("DAY_INVALID", `Expected days in the years 0001 to 9999, found ${found}.`, { dayNumber: number });
}

function checkedNumber(day: string, asWritten: string): number {
  const number = numberOfDay(day);
  if (number === null) throw invalidDay(asWritten);
  return number;
}

function invalidDay(text: string): LakeError {
  return new LakeError(
    "DAY_INVALID",
    `Expected a date that exists, as YYYYMMDD, YYYY-MM-DD, today or yesterday, found ${JSON.stringify(text)}.`,
    { found: text },
  );
}

function checkOrder(start: Day, end: Day): void {
  if (start > end) {
    throw new LakeError("DAY_RANGE_INVALID", `The range of days ends (${end}) before it starts (${start}).`, {
      start,
      end,
    });
  }
}
