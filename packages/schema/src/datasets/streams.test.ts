import { expect, it } from "vitest";
import { BUILT_IN_DATASETS } from "./built-in.ts";
import { BUILT_IN_STREAMS } from "./streams.ts";

it("says of every built-in data set what its contract says", () => {
  const streams = BUILT_IN_DATASETS.map(({ name, folders, part, rulesHash }) => ({ name, folders, part, rulesHash }));
  expect(BUILT_IN_STREAMS).toEqual(streams);
});
