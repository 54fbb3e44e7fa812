import fc from "fast-check";
import { expect, it } from "vitest";
import { IngestionClock } from "./clock.ts";

const INSTANT = Date.UTC(2025, 10, 27, 22, 59, 59, 999) * 1000;

it("gives times that only increase, whatever the system's clock does", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3_000_000, max: 3_000_000 }), { minLength: 2 }), (steps) => {
      let now = INSTANT;
      let turn = 0;
      const clock = new IngestionClock("Europe/Berlin", () => {
        now += steps[turn++ % steps.length] ?? 0;
        return now;
      });
      const seen = Array.from({ length: 50 }, () => {
        clock.tick();
        return { text: clock.text(), day: clock.day };
      });
      for (const [index, { text, day }] of seen.entries()) {
        expect(text > (seen[index - 1]?.text ?? "")).toBe(true);
        expect(text.slice(0, 10).replaceAll("-", "")).toBe(day);
      }
    }),
  );
});

it("rolls the day over at midnight in the lake's zone", () => {
  const clock = new IngestionClock("Europe/Berlin", () => INSTANT + 999);
  clock.tick();
  expect([clock.text(), clock.day]).toEqual(["2025-11-27T23:59:59.999999+01:00", "20251127"]);
  clock.tick();
  expect([clock.text(), clock.day]).toEqual(["2025-11-28T00:00:00.000000+01:00", "20251128"]);
});

it("changes the offset where the zone does", () => {
  let now = Date.UTC(2025, 9, 26, 0, 59, 59) * 1000;
  const clock = new IngestionClock("Europe/Berlin", () => now);
  clock.tick();
  expect(clock.text()).toBe("2025-10-26T02:59:59.000000+02:00");
  now += 1_000_000;
  clock.tick();
  expect(clock.text()).toBe("2025-10-26T02:00:00.000000+01:00");
});
