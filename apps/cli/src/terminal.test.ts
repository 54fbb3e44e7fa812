import fc from "fast-check";
import { expect, it } from "vitest";
import { counted, grouped } from "./terminal.ts";

it("numbers are written as in American English, whole or not", () => {
  const number = fc
    .oneof(fc.maxSafeInteger(), fc.integer({ min: -5000, max: 5000 }), fc.double())
    .filter((value) => !Object.is(value, -0));
  fc.assert(
    fc.property(number, (value) => {
      expect(grouped(value)).toBe(value.toLocaleString("en-US"));
    }),
  );
});

it("one of a kind is counted in the singular", () => {
  expect([0, 1, 2000].map((count) => counted(count, "record"))).toEqual(["0 records", "1 record", "2,000 records"]);
});
