import { expect, it } from "vitest";
import { difference } from "./difference.ts";

it.each([
  [200, 250, { before: 200, absolute: 50, percent: 25 }],
  [95.3, 95.2, { before: 95.3, absolute: -0.1, percent: -0.1 }],
  [3, 2, { before: 3, absolute: -1, percent: -33.3 }],
  [0, 7, { before: 0, absolute: 7, percent: null }],
  [0.1, 0.1, { before: 0.1, absolute: 0, percent: 0 }],
  [null, 7, { before: null, absolute: null, percent: null }],
  [7, null, { before: 7, absolute: null, percent: null }],
])("from %s to %s", (before, after, expected) => {
  expect(difference(before, after)).toEqual(expected);
});
