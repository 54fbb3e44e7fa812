import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile } from "../storage/files.ts";
import { temporaryFolder, temporaryLake } from "../testing/lakes.ts";
import { isLakePath, resolveInLake } from "./paths.ts";

test.each([
  "bronze/raw-tasks/20251127.jsonl",
  "gold/analytics/weekly-2025-W48.json",
  "_medallion/lake.json",
  "a/%2e~b",
])("%s is a path of a lake", (path) => {
  expect(isLakePath(path)).toBe(true);
});

test.each([
  "",
  "/etc/passwd",
  "..",
  "bronze/../../x",
  "bronze//x",
  "bronze/./x",
  "bronze\\x",
  "C:/x",
  "bronze/x:stream",
  "bronze/a\0b",
  "bronze/con",
  "bronze/NUL.txt",
  "bronze/x.",
  "bronze/x ",
  "bronze/.hidden",
  "bronze/",
])("%j is none", async (path) => {
  expect(isLakePath(path)).toBe(false);
  await expect(resolveInLake(await temporaryLake(), path)).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
});

test.skipIf(process.platform === "win32")("symbolic links do not lead out of the lake", async () => {
  const lake = await temporaryLake();
  const outside = await temporaryFolder();
  await writeFile(join(outside, "secret"), "");
  await symlink(outside, join(lake.root, "silver/away"));
  await symlink(join(outside, "secret"), join(lake.root, "silver/file"));
  await symlink(join(outside, "not-yet"), join(lake.root, "silver/dangling"));
  for (const path of ["silver/away/x/y", "silver/away/secret", "silver/file", "silver/dangling"]) {
    await expect(resolveInLake(lake, path)).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
    await expect(replaceFile(lake, path, "x")).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
  }
});

test.skipIf(process.platform === "win32")("symbolic links inside the lake, and to the lake, are followed", async () => {
  const lake = await temporaryLake();
  await mkdir(join(lake.root, "silver/real"));
  await symlink(join(lake.root, "silver/real"), join(lake.root, "silver/alias"));
  expect(await resolveInLake(lake, "silver/alias/x")).toBe(join(lake.root, "silver/alias/x"));
  const door = join(await temporaryFolder(), "door");
  await symlink(lake.root, door);
  expect(await resolveInLake({ ...lake, root: door }, "silver/real/x")).toBe(join(door, "silver/real/x"));
});
