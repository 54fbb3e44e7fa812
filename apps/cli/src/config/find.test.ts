import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderWith } from "../testing/configs.ts";
import { findConfig, namedConfig } from "./find.ts";

test("a file counts in its folder and below, up to the root of the repository or the lake", async () => {
  const outer = await folderWith({ "medallion.config.json": "{}", "project/below/x": "", "project/lake/gold/x": "" });
  const below = join(outer, "project/below");
  expect(findConfig(outer)).toBe(join(outer, "medallion.config.json"));
  expect(findConfig(below)).toBeNull();
  await mkdir(join(outer, "project/.git"));
  expect(findConfig(below)).toBeNull();
  await mkdir(join(outer, ".git"));
  expect(findConfig(below)).toBeNull();
  expect(findConfig(join(outer, "project"))).toBeNull();
});

test("the nearest file wins, also above a lake in the repository", async () => {
  const outer = await folderWith({
    ".git/HEAD": "",
    "medallion.config.mjs": "",
    "a/medallion.config.ts": "",
    "a/b/c/x": "",
    "lake/_medallion/lake.json": "",
    "lake/gold/x": "",
  });
  expect(findConfig(join(outer, "a/b/c"))).toBe(join(outer, "a/medallion.config.ts"));
  expect(findConfig(join(outer, "lake/gold"))).toBe(join(outer, "medallion.config.mjs"));
});

test("without a repository a file in the root of the lake counts", async () => {
  const lake = await folderWith({ "_medallion/lake.json": "", "medallion.config.json": "{}", "gold/kpis/x": "" });
  expect(findConfig(join(lake, "gold/kpis"))).toBe(join(lake, "medallion.config.json"));
});

test("two files in a folder are an error, and so are named ones that are missing or of another kind", async () => {
  const folder = await folderWith({ "medallion.config.ts": "", "medallion.config.json": "{}", "x.yaml": "" });
  const refused = (code: string, text: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(text) });
  expect(() => findConfig(folder)).toThrowError(
    refused("CONFIG_INVALID", "medallion.config.ts and medallion.config.json"),
  );
  expect(() => namedConfig(folder, "none.ts")).toThrowError(refused("CONFIG_NOT_FOUND", "none.ts"));
  expect(() => namedConfig(folder, "x.yaml")).toThrowError(refused("CONFIG_INVALID", ".json"));
  expect(namedConfig(folder, "medallion.config.ts")).toBe(join(folder, "medallion.config.ts"));
});
