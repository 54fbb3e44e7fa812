import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isoInstant } from "./instant.ts";
import { ISO_INSTANT_PATTERN, isIsoInstant } from "./instant-text.ts";

const digits = (text: string): number | null => (text.length > 0 && /^[0-9]+$/.test(text) ? Number(text) : null);

/** Minutes of an offset text, null when it is not one; `""` and `Z` are 0. */
function offsetMinutes(text: string): number | null {
  if (text === "" || text === "Z") return 0;
  const sign = text[0] === "+" ? 1 : text[0] === "-" ? -1 : null;
  const rest = text.length === 6 && text[3] === ":" ? text.slice(1, 3) + text.slice(4) : text.slice(1);
  const number = rest.length === 2 || (rest.length === 4 && text.length !== 4) ? digits(rest) : null;
  if (sign === null || number === null) return null;
  const [hours, minutes] = rest.length === 2 ? [number, 0] : [Math.floor(number / 100), number % 100];
  return minutes < 60 && hours * 60 + minutes <= 18 * 60 ? sign * (hours * 60 + minutes) : null;
}

/** The rule read aloud, position by position, with the calendar of `Date` moved to a 400-year cycle that it reads well. */
function oracle(text: string): boolean {
  const fields = [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10), text.slice(11, 13), text.slice(14, 16)];
  const parts = [...fields, text.slice(17, 19)].map((part) => digits(part) ?? Number.NaN);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (text.length < 19 || parts.some(Number.isNaN)) return false;
  if (text[4] !== "-" || text[7] !== "-" || text[10] !== "T" || text[13] !== ":" || text[16] !== ":") return false;
  const cycled = new Date(Date.UTC(2000 + (year % 400), month - 1, day, hour, minute, second));
  const spelled = `${text.slice(5, 10)}T${text.slice(11, 19)}`;
  if (cycled.toISOString().slice(5, 19) !== spelled) return false;
  let rest = text.slice(19);
  if (rest[0] === ".") {
    const end = [...rest.slice(1)].findIndex((letter) => digits(letter) === null);
    const fraction = end === -1 ? rest.slice(1) : rest.slice(1, 1 + end);
    if (fraction.length < 1 || fraction.length > 9) return false;
    rest = rest.slice(1 + fraction.length);
  }
  const offset = offsetMinutes(rest);
  if (offset === null || year < 1) return false;
  const ofDay = hour * 60 + minute - offset;
  if (year === 1 && month === 1 && day === 1 && ofDay < 0) return false;
  return !(year === 9999 && month === 12 && day === 31 && ofDay >= 24 * 60);
}

const two = fc.oneof(
  fc.integer({ min: 0, max: 99 }),
  fc.constantFrom(0, 1, 12, 13, 18, 23, 24, 28, 29, 30, 31, 59, 60),
);
const spelled = two.map((value) => String(value).padStart(2, "0"));
const years = fc.constantFrom("0000", "0001", "1582", "1900", "1999", "2000", "2023", "2024", "2100", "2400", "9999");
const fractions = fc.oneof(fc.constant(""), fc.stringMatching(/^[.,][0-9]{0,11}$/));
const offsets = fc.oneof(
  fc.constantFrom(
    "",
    "Z",
    "z",
    "+",
    "-00:00",
    "+18",
    "+18:00",
    "-1800",
    "+18:01",
    "-1830",
    "+19",
    "+1",
    "+1:00",
    "+010",
  ),
  fc
    .tuple(fc.constantFrom("+", "-", "−", " "), spelled, fc.constantFrom("", ":"), fc.oneof(spelled, fc.constant("")))
    .map((parts) => parts.join("")),
);
const plausible = fc
  .tuple(
    fc.oneof(years, fc.stringMatching(/^[0-9]{4}$/)),
    spelled,
    spelled,
    spelled,
    spelled,
    spelled,
    fractions,
    offsets,
  )
  .map(([y, mo, d, h, mi, s, fraction, offset]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${fraction}${offset}`);
const mutated = fc
  .tuple(plausible, fc.nat({ max: 40 }), fc.constantFrom("", " ", "\n", "t", "z", "٣", "７", "0", "T", ":", ".", "\0"))
  .map(([text, at, inserted]) => text.slice(0, at) + inserted + text.slice(at + (at % 2)));

describe("isIsoInstant", () => {
  it("agrees with a reading of the rule position by position", () => {
    fc.assert(
      fc.property(fc.oneof(plausible, mutated, fc.string()), (text) => {
        expect(isIsoInstant(text)).toBe(oracle(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("takes every day of leap and other years that exists and no other", () => {
    for (const year of ["0001", "0004", "0100", "0400", "1900", "2000", "2023", "2024", "9999"]) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 0; day <= 32; day++) {
          const date = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
          expect(isIsoInstant(`${date}T12:00:00`), date).toBe(oracle(`${date}T12:00:00`));
        }
      }
    }
  });

  it.each([
    "2025-11-27T10:00:00",
    "2025-11-27T10:00:00Z",
    "2025-11-27T10:00:00.1Z",
    "2025-11-27T10:00:00.123456789+05:30",
    "2025-11-27T10:00:00+0530",
    "2025-11-27T10:00:00-08",
    "2025-11-27T23:59:59-18:00",
    "2025-11-27T00:00:00+1800",
    "2025-11-27T00:00:00-17:59",
    "2000-02-29T00:00:00Z",
    "2024-02-29T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00",
    "0001-01-01T18:00:00+18:00",
    "9999-12-31T23:59:59.999999999Z",
    "9999-12-31T05:59:59-18:00",
  ])("takes %s", (text) => expect(isIsoInstant(text)).toBe(true));

  it.each([
    "",
    "2025-11-27",
    "2025-11-27T10:00",
    "2025-11-27T10:00Z",
    "2025-11-27 10:00:00Z",
    "2025-11-27t10:00:00Z",
    "2025-11-27T10:00:00z",
    " 2025-11-27T10:00:00Z",
    "2025-11-27T10:00:00Z ",
    "2025-11-27T10:00:00Z\n",
    "2025-11-27T10:00:00 Z",
    "2025-11-27T10:00:00.Z",
    "2025-11-27T10:00:00,5Z",
    "2025-11-27T10:00:00.1234567890Z",
    "2025-11-27T24:00:00Z",
    "2025-11-27T23:60:00Z",
    "2025-12-31T23:59:60Z",
    "2025-02-29T00:00:00Z",
    "2025-02-30T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-01-00T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0000-12-31T23:00:00-18:00",
    "0001-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "+2025-11-27T10:00:00Z",
    "2025-11-27T10:00:00+18:01",
    "2025-11-27T10:00:00+19",
    "2025-11-27T10:00:00+05:60",
    "2025-11-27T10:00:00+5",
    "2025-11-27T10:00:00+05:3",
    "2025-11-27T10:00:00+05:",
    "2025-11-27T10:00:00+053",
    "2025-11-27T10:00:00Z+01:00",
    "2025-11-27T10:00:00−05:00",
    "٢٠٢٥-11-27T10:00:00Z",
    "２025-11-27T10:00:00Z",
    "20251127T100000Z",
  ])("refuses %j", (text) => expect(isIsoInstant(text)).toBe(false));

  it("takes nothing that the published pattern does not match", () => {
    const pattern = new RegExp(ISO_INSTANT_PATTERN, "u");
    fc.assert(fc.property(fc.oneof(plausible, mutated), (text) => !isIsoInstant(text) || pattern.test(text)));
  });

  it("has a pattern without the syntax that only some engines read", () => {
    expect(ISO_INSTANT_PATTERN).not.toMatch(/\\|\(\?[!<=]/);
  });
});

describe("isoInstant", () => {
  it("keeps the text as it came", () => {
    expect(isoInstant().parse("2025-11-27T10:00:00.100+0100")).toBe("2025-11-27T10:00:00.100+0100");
  });

  it("says what it expects of a string and of anything else", () => {
    const message = (value: unknown) => isoInstant().safeParse(value).error?.issues[0]?.message;
    expect(message("yesterday")).toBe("must be an ISO 8601 date-time that exists, such as 2025-11-27T10:00:00Z");
    expect(message(5)).toMatch(/expected string, received number/);
  });

  it("can be made optional", () => {
    expect(z.object({ at: isoInstant().nullish() }).safeParse({ at: null }).success).toBe(true);
  });
});
