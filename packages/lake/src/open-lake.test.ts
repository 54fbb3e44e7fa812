import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initLake, openLake } from "./open-lake.ts";
import { Crash, crashAt } from "./testing/crashing-storage.ts";
import { temporaryFolder } from "./testing/lakes.ts";

test("a lake is made once, and opened", async () => {
  const root = join(await temporaryFolder(), "coordination", "medallion");
  expect(await initLake(root, { timeZone: "europe/berlin" })).toMatchObject({
    lake: { root, timeZone: "Europe/Berlin" },
    created: true,
  });
  const file = await readFile(join(root, "_medallion/lake.json"), "utf8");
  expect((await initLake(root)).created).toBe(false);
  expect((await initLake(root, { timeZone: "Europe/Berlin" })).created).toBe(false);
  expect(await readFile(join(root, "_medallion/lake.json"), "utf8")).toBe(file);
  expect(await openLake(root)).toMatchObject({ root, timeZone: "Europe/Berlin" });
  expect((await readdir(root)).sort()).toEqual(["_medallion", "bronze", "gold", "silver"]);
});

test("another time zone is refused; another name of the same is not", async () => {
  const root = await temporaryFolder();
  await initLake(root);
  await initLake(root, { timeZone: "Etc/UTC" });
  await expect(initLake(root, { timeZone: "Asia/Tokyo" })).rejects.toMatchObject({ code: "LAKE_EXISTS_DIFFERENTLY" });
  await expect(initLake(root, { timeZone: "Mars" })).rejects.toMatchObject({ code: "TIME_ZONE_INVALID" });
});

test("of many that make a lake at once, one made it", async () => {
  const root = await temporaryFolder();
  const made = await Promise.all(Array.from({ length: 8 }, () => initLake(root)));
  expect(made.filter(({ created }) => created)).toHaveLength(1);
});

test("what is no lake, or a damaged one, is refused", async () => {
  const root = await temporaryFolder();
  await expect(openLake(root)).rejects.toMatchObject({
    code: "LAKE_NOT_FOUND",
    message: expect.stringContaining("medallion init"),
  });
  await initLake(root);
  for (const text of ["", "{", "[]", '{"format":2,"time_zone":"UTC"}', '{"format":1}']) {
    await writeFile(join(root, "_medallion/lake.json"), text);
    await expect(openLake(root)).rejects.toMatchObject({ code: "LAKE_INVALID" });
    await expect(initLake(root)).rejects.toMatchObject({ code: "LAKE_INVALID" });
  }
  await writeFile(join(root, "_medallion/lake.json"), '{"format":1,"time_zone":"Mars"}');
  await expect(openLake(root)).rejects.toMatchObject({ code: "TIME_ZONE_INVALID" });
});

test("missing folders come back", async () => {
  const root = await temporaryFolder();
  await initLake(root);
  await rm(join(root, "_medallion/tmp"), { recursive: true });
  await initLake(root);
  expect(await readdir(join(root, "_medallion"))).toContain("tmp");
});

test("a lake whose making dies at any step is made by the next", async () => {
  for (let step = 1; ; step++) {
    const root = join(await temporaryFolder(), "lake");
    const { storage, crashed } = crashAt(step);
    const made = await initLake(root, { storage }).catch((error: unknown) => error);
    if (!crashed()) break;
    expect(made).toBeInstanceOf(Crash);
    await initLake(root);
    await openLake(root);
  }
});

test("a file in place of the lake is an error of the storage", async () => {
  const root = join(await temporaryFolder(), "file");
  await writeFile(root, "");
  await expect(initLake(root)).rejects.toMatchObject({ code: "STORAGE_FAILED", facts: { systemCode: "ENOTDIR" } });
});
