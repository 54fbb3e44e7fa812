import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { installedPackages } from "./installed-size.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/engine");
});

test("it brings DuckDB, and no other package of Medallion", async () => {
  const others = (await installedPackages(join(team.folder, "node_modules"))).filter(
    (name) => !name.startsWith("@duckdb/") && name !== "detect-libc",
  );
  expect(others).toEqual(["@medallion/engine"]);
});

test("the examples of the README print what they say", async () => {
  const { printed, said } = await runExamples(team, "packages/engine/README.md");
  expect(printed).toEqual(said);
});
