import { LakeError } from "../errors.ts";
import { secondsOf } from "./calendar.ts";

const HOUR = 3600;
const CACHED_HOURS = 4096;

/** Local time minus UTC in seconds, for one time zone. */
interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** Offset of every second of an hour since the epoch; null where it changes within the hour. */
  readonly hours: Map<number, number | null>;
}

const clocks = new Map<string, ZoneClock>();

/**
 * Checks an IANA time zone name (`Europe/Berlin`, `UTC`) and returns it in its usual letter case.
 * @throws LakeError `TIME_ZONE_INVALID`
 */
export function checkTimeZone(timeZone: string): string {
  const usual = canonicalTimeZone(timeZone);
  return usual.toLowerCase() === timeZone.toLowerCase() ? usual : timeZone;
}

/** Whether two names mean the same time zone (`UTC` and `Etc/UTC`). */
export function sameTimeZone(a: string, b: string): boolean {
  return a === b || canonicalTimeZone(a) === canonicalTimeZone(b);
}

/**
 * Local time minus UTC, in seconds, at an instant given in whole seconds since the epoch.
 * @throws LakeError `TIME_ZONE_INVALID`
 */
export function offsetAt(second: number, timeZone: string): number {
  if (timeZone === "UTC") return 0;
  const clock = clockOf(timeZone);
  const hour = Math.floor(second / HOUR);
  let offset = clock.hours.get(hour);
  if (offset === undefined) {
    if (clock.hours.size >= CACHED_HOURS) clock.hours.clear();
    const first = readClock(clock.format, hour * HOUR);
    // No zone has ever changed twice within an hour: equal at both ends is equal throughout.
    offset = first === readClock(clock.format, hour * HOUR + HOUR - 1) ? first : null;
    clock.hours.set(hour, offset);
  }
  return offset ?? readClock(clock.format, second);
}

/** The first second in (`from`, `to`] whose offset is that of `to`; the offset must change once in between. */
export function changeOfOffset(from: number, to: number, timeZone: string): number {
  const after = offsetAt(to, timeZone);
  let [before, changed] = [from, to];
  while (changed - before > 1) {
    const middle = Math.floor((before + changed) / 2);
    if (offsetAt(middle, timeZone) === after) changed = middle;
    else before = middle;
  }
  return changed;
}

function canonicalTimeZone(timeZone: string): string {
  return timeZone === "UTC" ? "UTC" : clockOf(timeZone).format.resolvedOptions().timeZone;
}

function clockOf(timeZone: string): ZoneClock {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = { format: formatOf(timeZone), hours: new Map() };
    clocks.set(timeZone, clock);
  }
  return clock;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const invalid = (cause?: unknown) =>
    new LakeError(
      "TIME_ZONE_INVALID",
      `Expected an IANA time zone such as UTC or Europe/Berlin, found ${JSON.stringify(timeZone)}.`,
      { timeZone },
      { cause },
    );
  // Later versions of Node also accept "+02:00", which is an offset and no time zone.
  if (!/^[A-Za-z]/.test(timeZone)) throw invalid();
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    throw invalid(error);
  }
}

function readClock(format: Intl.DateTimeFormat, second: number): number {
  const fields = new Map(format.formatToParts(second * 1000).map((part) => [part.type, part.value]));
  const field = (type: Intl.DateTimeFormatPartTypes) => Number(fields.get(type));
  const year = fields.get("era") === "BC" ? 1 - field("year") : field("year");
  return secondsOf(year, field("month"), field("day"), field("hour"), field("minute"), field("second")) - second;
}
