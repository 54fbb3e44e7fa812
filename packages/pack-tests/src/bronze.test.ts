import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Installation } from "./installation.ts";
import { bytesIn, installedPackages } from "./installed-size.ts";
import { runExamples } from "./testing/examples.ts";
import { installed } from "./testing/installed.ts";

let team: Installation;
beforeAll(async () => {
  team = await installed("@medallion/bronze");
  await mkdir(join(team.folder, "coordination"));
});

test("it brings no database, and less than 10 MB", async () => {
  const modules = join(team.folder, "node_modules");
  const expected = ["@medallion/bronze", "@medallion/lake", "@medallion/schema", "zod"];
  expect(await installedPackages(modules)).toEqual(expected);
  expect(await bytesIn(modules)).toBeLessThan(10_000_000);
});

test("a service appends a record", async () => {
  const printed = await team.node(`
    import { openWriter } from "@medallion/bronze";
    import { initLake } from "@medallion/lake";
    const { lake } = await initLake("service-lake");
    const writer = openWriter(lake, { folder: "raw-tasks" });
    const { file, raw } = await writer.append({ task_id: "a", status: "queued" });
    await writer.close();
    console.log(file, raw);`);
  expect(printed).toMatch(/^bronze\/raw-tasks\/\d{8}\.jsonl false\n$/);
});

test("the examples of the README print what they say", async () => {
  const { printed, said } = await runExamples(team, "packages/bronze/README.md");
  expect(printed).toEqual(said);
});

test("the example of the project's README checks a task and appends it", async () => {
  const { printed } = await runExamples(team, "README.md");
  expect(printed).toEqual([expect.stringMatching(/^bronze\/raw-tasks\/\d{8}\.jsonl \d{4}-/)]);
});
