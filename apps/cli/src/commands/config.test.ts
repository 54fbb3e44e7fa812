import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentOf, workplace, workplaceWithLake } from "../testing/medallion.ts";

test("the configuration is shown with its defaults, and where it came from", async () => {
  const { folder, json, medallion } = await workplace();
  await writeFile(join(folder, "medallion.config.json"), '{ "lake": "other", "retention": { "bronze": "never" } }');
  expect(await json(["config"])).toMatchObject({
    found_by: "search",
    lake: "lake",
    lake_from: "MEDALLION_LAKE",
    retention: { bronze: "never", silver: 30, datasets: {} },
    engine: { url: "duckdb", threads: null, memory_limit: null },
  });
  const { stdout } = await medallion(["config"]);
  expect(stdout).toContain("Configuration medallion.config.json.\nLake: lake (from MEDALLION_LAKE)\n");
  expect(stdout).toMatch(/^tasks +for ever +30 days +- +-$/m);
});

test("a wrong configuration stops every command with 2, and all of it is shown", async () => {
  const { folder, medallion } = await workplace();
  await writeFile(join(folder, "medallion.config.ts"), "export default { lakee: 1, retention: { silver: -1 } };");
  for (const command of ["config", "status", "run"]) {
    const { code, stderr, stdout } = await medallion([command, "--json"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^medallion: medallion\.config\.ts has 2 errors:\n {2}lakee: .*\n {2}retention\.silver: .*\n$/,
    );
    expect(documentOf(stdout)).toMatchObject({ error: { code: "CONFIG_INVALID" } });
  }
  expect(await medallion(["config", "--config", "none.ts"])).toMatchObject({ code: 2 });
});

test("the lake and the time zone of the configuration are those of the commands", async () => {
  const { folder, json } = await workplace();
  await writeFile(join(folder, "one.json"), '{ "lake": "ignored", "timezone": "Europe/Berlin" }');
  expect(await json(["init", "--config", "one.json"])).toMatchObject({ timezone: "Europe/Berlin" });
  expect(await json(["config", "--config", "one.json", "--lake", "x"])).toMatchObject({
    lake: "x",
    lake_from: "--lake",
  });
});

test("a time zone that is not the lake's is refused", async () => {
  const { folder, medallion } = await workplaceWithLake();
  await writeFile(join(folder, "medallion.config.json"), '{ "timezone": "Europe/Berlin" }');
  const { code, stderr } = await medallion(["status"]);
  expect(code).toBe(2);
  expect(stderr).toContain("medallion.config.json: timezone: expected UTC, the time zone of the lake");
  await writeFile(join(folder, "medallion.config.json"), '{ "timezone": "Etc/UTC" }');
  expect(await medallion(["status"])).toMatchObject({ code: 0 });
});

test("without a configuration file neither its loader nor zod nor croner is loaded", async () => {
  const { spawned } = await workplace();
  const { code, stderr } = await spawned(["init"], "", undefined, { NODE_DEBUG: "esm,module" });
  expect(code).toBe(0);
  expect(stderr).toContain("/dist/main.js");
  expect(stderr).not.toMatch(/\/(?:croner|jiti|zod)[/@]/);
});

test("a configuration that is no file, or never comes to its end, is an error too", async () => {
  const { folder, medallion, spawned } = await workplace();
  await mkdir(join(folder, "medallion.config.json"));
  const noFile = await medallion(["config"]);
  expect([noFile.code, noFile.stderr]).toEqual([2, expect.stringContaining("expected a file, found something else")]);
  await rm(join(folder, "medallion.config.json"), { recursive: true });
  await writeFile(join(folder, "medallion.config.ts"), "await new Promise(() => {}); export default {};");
  const endless = await spawned(["config"]);
  expect([endless.code, endless.stderr]).toEqual([2, expect.stringContaining("waits for something that never comes")]);
});
