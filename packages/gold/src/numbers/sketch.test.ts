import fc from "fast-check";
import { expect, it } from "vitest";
import { bucketWidth, placeInSketch, sketchedPercentile } from "./sketch.ts";

/** The lower bound of a value's bucket: its eight leading binary digits. */
function lowerOf(micros: number): number {
  let width = 1;
  while (micros / width >= 256) width *= 2;
  return Math.floor(micros / width) * width;
}

it("has estimates within 0.5 % of every value", () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat({ max: 2 ** 31 - 1 }), fc.integer({ min: 0, max: 2 ** 53 - 1 })), (micros) => {
      const lower = lowerOf(micros);
      expect(micros - lower).toBeLessThan(bucketWidth(lower));
      const found = sketchedPercentile(new Map([[lower, 1]]), 50) ?? Number.NaN;
      expect(Math.abs(found - micros / 1e6)).toBeLessThanOrEqual((0.005 * micros) / 1e6 + 0.0005);
    }),
  );
});

it("counts bucket widths from 256 on in powers of two", () => {
  expect([0, 255, 256, 510, 512, 2 ** 40].map(bucketWidth)).toEqual([1, 1, 2, 2, 4, 2 ** 33]);
});

it("finds a place in its bucket, and none beyond the last", () => {
  const buckets = [
    [10, 2],
    [300, 3],
  ] as const;
  expect([0, 1, 2, 4].map((place) => placeInSketch(buckets, place))).toEqual([
    { lower: 10, place: 0 },
    { lower: 10, place: 1 },
    { lower: 300, place: 0 },
    { lower: 300, place: 2 },
  ]);
  expect(() => placeInSketch(buckets, 5)).toThrow(RangeError);
});

it("is null when there is nothing in it", () => {
  expect(sketchedPercentile(new Map(), 50)).toBeNull();
});
