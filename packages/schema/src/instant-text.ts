/**
 * The shape of an ISO 8601 date-time as every layer reads it: `YYYY-MM-DDThh:mm:ss`, an upper-case `T`, a fraction of
 * 1 to 9 digits or none, then `Z`, `+hh:mm`, `+hhmm`, `+hh` or nothing (the lake's time zone). Offsets end at
 * 18 hours, the widest that every engine reads. The source is plain enough to mean the same in JavaScript, RE2 and
 * Java, where it must match the whole text: Java's and Python's own `$` also stands before a last line break. Whether
 * the date exists, and lies in the years 0001 to 9999, is checked beside it.
 */
export const ISO_INSTANT_PATTERN =
  "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?" +
  "(?:Z|[+-](?:(?:0[0-9]|1[0-7])(?::?[0-5][0-9])?|18(?::?00)?))?$";

const pattern = new RegExp(ISO_INSTANT_PATTERN);
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** 0001-01-01T00:00:00Z, which `Date.UTC` would read as 1901. */
const FIRST_INSTANT = -62_135_596_800_000;
const LAST_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * Whether a text is an ISO 8601 date-time that exists, as silver reads it. With an offset the instant must lie in the
 * years 0001 to 9999 in UTC; without one the written year must.
 */
export function isIsoInstant(text: string): boolean {
  if (!pattern.test(text)) return false;
  const year = Number(text.slice(0, 4));
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (year === 0 || day > daysInMonth(year, month)) return false;
  const second = secondInUtc(text, year, month, day);
  return second >= FIRST_INSTANT && second <= LAST_INSTANT;
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** Milliseconds since the epoch of the whole second, read as UTC when there is no offset. */
function secondInUtc(text: string, year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(Number(text.slice(11, 13)), Number(text.slice(14, 16)), Number(text.slice(17, 19)));
  const offset = /([+-])([0-9]{2}):?([0-9]{2})?$/.exec(text.slice(19));
  if (offset === null) return date.getTime();
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return date.getTime() - (offset[1] === "-" ? -minutes : minutes) * 60_000;
}
