import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { makeBronzeLake } from "./testing/bronze-lake.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed(["@medallion/gold", "@medallion/silver"]);
  await makeBronzeLake(team, ["completed", "failed"]);
  await runExamples(team, "packages/silver/README.md");
});

test("the examples of the README print what they say", async () => {
  const { printed, said } = await runExamples(team, "packages/gold/README.md");
  expect(printed).toEqual(said);
});
