import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { makeBronzeLake } from "./testing/bronze-lake.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/silver");
  await makeBronzeLake(team, ["completed"]);
});

test("the examples of the README print what they say, for a lake with one new task", async () => {
  const { printed, said } = await runExamples(team, "packages/silver/README.md");
  expect(printed).toEqual(said);
});
