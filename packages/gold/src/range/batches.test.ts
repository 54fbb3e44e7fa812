import { expect, it } from "vitest";
import { batchesByRows } from "./batches.ts";

it("keeps batches under a quarter of a million rows, but for a day that has more", () => {
  const days = [100_000, 150_000, 1, 900_000, 5, 6].map((rows) => ({ rows }));
  const sizes = batchesByRows(days).map((batch) => batch.map(({ rows }) => rows));
  expect(sizes).toEqual([[100_000, 150_000], [1], [900_000], [5, 6]]);
  expect(batchesByRows([])).toEqual([]);
});
