import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { installedPackages } from "./installed-size.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/lake");
  await mkdir(join(team.folder, "coordination"));
});

test("it brings nothing else", async () => {
  expect(await installedPackages(join(team.folder, "node_modules"))).toEqual(["@medallion/lake"]);
});

test("the examples of the README print what they say", async () => {
  const { printed, said } = await runExamples(team, "packages/lake/README.md");
  expect(printed).toEqual(said);
});
