import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, dayBounds, dayOfMicros, daysBetween, parseDay, parseDayRange, weekOf } from "./days.ts";

const FIRST = -62_135_596_800_000_000n;
const LAST = 253_402_300_799_999_999n;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Apia"];
const zones = fc.constantFrom(...ZONES, "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "Africa/Monrovia");
const days = fc.integer({ min: 1, max: 3_652_058 }).map((number) => addDays("00010101", number - 1));
const at = (text: string) => BigInt(Date.parse(text)) * 1000n;
const invalid = expect.objectContaining({ code: "DAY_INVALID" });

describe("dayOfMicros", () => {
  test.each([
    ["2025-11-27T23:59:59.999Z", "UTC", "20251127"],
    ["2025-11-27T23:00:00Z", "Europe/Berlin", "20251128"],
    ["2025-11-27T22:59:59Z", "Europe/Berlin", "20251127"],
    ["2025-11-27T04:59:59Z", "America/New_York", "20251126"],
    ["2025-11-27T18:29:59Z", "Asia/Kolkata", "20251127"],
    ["2025-11-27T18:30:00Z", "Asia/Kolkata", "20251128"],
    ["1969-12-31T23:59:59.999Z", "UTC", "19691231"],
    ["0001-01-01T00:00:00Z", "UTC", "00010101"],
    ["0099-03-01T00:00:00Z", "UTC", "00990301"],
    ["9999-12-31T23:59:59Z", "America/New_York", "99991231"],
  ])("%s in %s is %s", (instant, zone, day) => {
    expect(dayOfMicros(at(instant), zone)).toBe(day);
  });

  test("counts each microsecond, also beyond what a number holds", () => {
    expect(dayOfMicros(LAST, "UTC")).toBe("99991231");
    expect(dayOfMicros(FIRST, "UTC")).toBe("00010101");
    expect(dayOfMicros(-1n, "UTC")).toBe("19691231");
    expect(dayOfMicros(at("9999-12-31T00:00:00Z") - 1n, "UTC")).toBe("99991230");
  });

  test("refuses instants outside the years 0001 to 9999, in UTC or in local time", () => {
    for (const [micros, zone] of [
      [LAST + 1n, "UTC"],
      [FIRST - 1n, "UTC"],
      [LAST, "Asia/Kolkata"],
      [FIRST, "America/New_York"],
    ] as const) {
      expect(() => dayOfMicros(micros, zone)).toThrowError(invalid);
    }
  });

  test.each(["Mars/Olympus", "", "+02:00", "UTC; DROP"])("refuses the time zone %j", (zone) => {
    expect(() => dayOfMicros(0n, zone)).toThrowError(expect.objectContaining({ code: "TIME_ZONE_INVALID" }));
  });
});

describe("dayBounds", () => {
  const hours = (day: string, zone: string) => {
    const { start, end } = dayBounds(day, zone);
    return Number(end - start) / 3_600_000_000;
  };

  test.each([
    ["20251127", "UTC", 24],
    ["20250330", "Europe/Berlin", 23],
    ["20251026", "Europe/Berlin", 25],
    ["20250309", "America/New_York", 23],
    ["20251102", "America/New_York", 25],
    ["20250406", "Australia/Lord_Howe", 24.5],
    ["20181104", "America/Sao_Paulo", 23],
    ["20111230", "Pacific/Apia", 0],
    ["99991231", "Asia/Kolkata", 24],
    ["00010101", "America/New_York", 24],
  ])("%s in %s has %d hours", (day, zone, expected) => {
    expect(hours(day, zone)).toBe(expected);
  });

  test("starts after the gap where midnight does not exist", () => {
    expect(dayBounds("20181104", "America/Sao_Paulo").start).toBe(at("2018-11-04T03:00:00Z"));
  });

  test("the days of a zone follow one another, and hold the instants of their date", () => {
    fc.assert(
      fc.property(days, zones, (day, zone) => {
        fc.pre(day < "99991231" && day > "00010101");
        const { start, end } = dayBounds(day, zone);
        expect(dayBounds(addDays(day, 1), zone).start).toBe(end);
        expect(dayOfMicros(start - 1n, zone) < day).toBe(true);
        if (start === end) return;
        expect([dayOfMicros(start, zone), dayOfMicros(end - 1n, zone)]).toEqual([day, day]);
        expect(dayOfMicros(end, zone) > day).toBe(true);
      }),
    );
  });

  test("every instant lies within the bounds of its day", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: at("1800-01-01T00:00:00Z"), max: at("2100-01-01T00:00:00Z") }),
        zones,
        (micros, zone) => {
          const { start, end } = dayBounds(dayOfMicros(micros, zone), zone);
          expect(start <= micros && micros < end).toBe(true);
        },
      ),
    );
  });
});

describe("parseDay", () => {
  const options = { timeZone: "America/New_York", now: new Date("2025-11-27T03:00:00Z") };

  test("takes both forms and two words", () => {
    expect(["20240229", "2024-02-29", "today", "yesterday"].map((text) => parseDay(text, options))).toEqual([
      "20240229",
      "20240229",
      "20251126",
      "20251125",
    ]);
    expect(parseDay("today", { timeZone: "UTC" })).toMatch(/^[0-9]{8}$/);
  });

  test.each(["20250229", "2025-2-1", "20251301", "00000101", "2025-1127", "tomorrow", "", " 20251127", "２０２５1127"])(
    "refuses %j",
    (text) => {
      expect(() => parseDay(text, options)).toThrowError(invalid);
    },
  );

  test("a range includes both ends and does not run backwards", () => {
    expect(parseDayRange("20251127", "2025-11-27", options)).toEqual({ start: "20251127", end: "20251127" });
    expect(() => parseDayRange("20251128", "20251127", options)).toThrowError(
      expect.objectContaining({ code: "DAY_RANGE_INVALID" }),
    );
  });
});

describe("addDays and daysBetween", () => {
  test("agree", () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 400 }), (start, count) => {
        fc.pre(start < "99980101");
        const range = daysBetween(start, addDays(start, count));
        expect(range).toHaveLength(count + 1);
        expect(range.at(-1)).toBe(addDays(start, count));
        expect(addDays(addDays(start, count), -count)).toBe(start);
        expect([...range].sort()).toEqual(range);
      }),
    );
  });

  test("stay within the years 0001 to 9999", () => {
    expect(() => addDays("99991231", 1)).toThrowError(invalid);
    expect(() => addDays("00010101", -1)).toThrowError(invalid);
    expect(() => addDays("20251127", 0.5)).toThrowError(invalid);
    expect(() => daysBetween("20250230", "20250301")).toThrowError(invalid);
  });
});

test("weekOf follows ISO 8601", () => {
  expect(weekOf("20251127")).toEqual({ week: "2025-W48", start: "20251124", end: "20251130" });
  expect(weekOf("20210103").week).toBe("2020-W53");
  expect(weekOf("20241230").week).toBe("2025-W01");
  expect(weekOf("00010101").week).toBe("0001-W01");
});
