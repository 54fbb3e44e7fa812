import { LakeError } from "../errors.ts";
import { FIRST_DAY_NUMBER, LAST_DAY_NUMBER } from "./calendar.ts";
import { offsetAt } from "./time-zones.ts";

/**
 * Microseconds since 1970-01-01T00:00:00Z, without leap seconds. A bigint, because a JS number is exact only up to the
 * year 2255. Years 0001 to 9999 (UTC) are valid.
 */
export type Micros = bigint;

const DAY_SECONDS = 86_400;
const FIRST_SECOND = FIRST_DAY_NUMBER * DAY_SECONDS;
const LAST_SECOND = (LAST_DAY_NUMBER + 1) * DAY_SECONDS - 1;
/** Where a JS number no longer holds every microsecond. */
const EXACT = 2n ** 53n;

/** Whole seconds since the epoch and the microseconds after them, 0 to 999999. */
export interface Instant {
  readonly second: number;
  readonly micro: number;
}

/** @throws LakeError `DAY_INVALID` outside the years 0001 to 9999. */
export function splitMicros(micros: Micros): Instant {
  let second: number;
  let micro: number;
  if (micros < EXACT && micros > -EXACT) {
    const exact = Number(micros);
    second = Math.floor(exact / 1e6);
    micro = exact - second * 1e6;
  } else {
    const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
    second = Number((micros - rest) / 1_000_000n);
    micro = Number(rest);
  }
  if (!isSecond(second)) {
    throw new LakeError(
      "DAY_INVALID",
      `Expected an instant in the years 0001 to 9999, found ${micros} microseconds since 1970.`,
      { micros: String(micros) },
    );
  }
  return { second, micro };
}

/**
 * RFC 3339 in UTC with microseconds: `2025-11-27T10:00:00.123456Z`.
 * @throws LakeError `DAY_INVALID` outside the years 0001 to 9999
 */
export function formatUtc(micros: Micros): string {
  const { second, micro } = splitMicros(micros);
  return `${dateAndTime(second)}.${sixDigits(micro)}Z`;
}

/**
 * RFC 3339 in local time with the numeric offset and microseconds: `2025-11-27T10:00:00.123456+00:00`, never `Z`.
 * Where RFC 3339 cannot say the local time (an offset with seconds, as before standard time, or a local year outside
 * 0001 to 9999), the same instant is given in UTC, with `+00:00`.
 * @throws LakeError `DAY_INVALID` outside the years 0001 to 9999
 * @throws LakeError `TIME_ZONE_INVALID`
 */
export function formatInstant(micros: Micros, timeZone: string): string {
  const { second, micro } = splitMicros(micros);
  const offset = offsetAt(second, timeZone);
  const local = second + offset;
  if (offset % 60 !== 0 || !isSecond(local)) return `${dateAndTime(second)}.${sixDigits(micro)}+00:00`;
  return `${dateAndTime(local)}.${sixDigits(micro)}${numericOffset(offset)}`;
}

/** Now, to the precision of the system's clock, which Node gives in milliseconds. */
export function nowMicros(): Micros {
  return BigInt(Date.now()) * 1000n;
}

function isSecond(second: number): boolean {
  return second >= FIRST_SECOND && second <= LAST_SECOND;
}

let lastSecond = Number.NaN;
let lastText = "";

/** Instants that are formatted one after the other mostly share their second. */
function dateAndTime(second: number): string {
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().slice(0, 19);
    lastSecond = second;
  }
  return lastText;
}

function sixDigits(micro: number): string {
  return String(micro).padStart(6, "0");
}

function numericOffset(offset: number): string {
  const minutes = Math.abs(offset) / 60;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
