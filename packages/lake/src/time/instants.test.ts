import fc from "fast-check";
import { expect, test } from "vitest";
import { formatInstant, formatUtc } from "./instants.ts";

const at = (text: string) => BigInt(Date.parse(text)) * 1000n;

test.each([
  ["2025-11-27T10:00:00Z", "UTC", "2025-11-27T10:00:00.123456+00:00"],
  ["2025-11-27T10:00:00Z", "Europe/Berlin", "2025-11-27T11:00:00.123456+01:00"],
  ["2025-07-27T10:00:00Z", "America/St_Johns", "2025-07-27T07:30:00.123456-02:30"],
  ["1969-12-31T23:59:59Z", "Asia/Kathmandu", "1970-01-01T05:29:59.123456+05:30"],
  // Local mean time, +00:53:28, cannot be written.
  ["1850-01-01T00:00:00Z", "Europe/Berlin", "1850-01-01T00:00:00.123456+00:00"],
  ["9999-12-31T23:00:00Z", "Asia/Kolkata", "9999-12-31T23:00:00.123456+00:00"],
  ["0001-01-01T00:00:00Z", "America/New_York", "0001-01-01T00:00:00.123456+00:00"],
])("%s in %s", (instant, zone, text) => {
  expect(formatInstant(at(instant) + 123_456n, zone)).toBe(text);
});

test("formatUtc is exact to the microsecond from year 1 to 9999", () => {
  expect(formatUtc(253_402_300_799_999_999n)).toBe("9999-12-31T23:59:59.999999Z");
  expect(formatUtc(-62_135_596_800_000_000n)).toBe("0001-01-01T00:00:00.000000Z");
  expect(formatUtc(-1n)).toBe("1969-12-31T23:59:59.999999Z");
  expect(() => formatUtc(253_402_300_800_000_000n)).toThrowError(expect.objectContaining({ code: "DAY_INVALID" }));
});

test("the text of an instant names that instant in every zone", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n }),
      fc.constantFrom("UTC", "Europe/Berlin", "America/Caracas", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran"),
      (micros, zone) => {
        const text = formatInstant(micros, zone);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d$/);
        const fraction = BigInt(text.slice(20, 26));
        expect(at(text.slice(0, 19) + text.slice(26)) + fraction).toBe(micros);
        expect(at(`${formatUtc(micros).slice(0, 19)}Z`) + BigInt(formatUtc(micros).slice(20, 26))).toBe(micros);
      },
    ),
    { numRuns: 500 },
  );
});

test("in one zone, later instants have later texts, except where the clock goes back", () => {
  const texts = [0n, 1n, 999_999n, 1_000_000n, 60_000_000n].map((micros) => formatInstant(micros, "UTC"));
  expect([...texts].sort()).toEqual(texts);
});
