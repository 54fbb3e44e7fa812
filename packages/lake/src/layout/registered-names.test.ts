import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryLake } from "../testing/lakes.ts";
import { nameFile, readName } from "./registered-names.ts";

const LONG = `Master ${"é".repeat(200)} \ud800`;

test("a long name is kept and found again", async () => {
  const lake = await temporaryLake();
  const encoded = await nameFile(lake, LONG);
  expect(await readName(lake, encoded)).toBe(LONG);
  expect(await Promise.all([1, 2, 3].map(() => nameFile(lake, LONG)))).toEqual([encoded, encoded, encoded]);
  expect(await readdir(join(lake.root, "_medallion/names"))).toHaveLength(1);
});

test("a short name needs no file", async () => {
  const lake = await temporaryLake();
  expect(await readName(lake, await nameFile(lake, "Ä"))).toBe("Ä");
  expect(await readdir(join(lake.root, "_medallion/names"))).toEqual([]);
});

test("a name that is not kept, or whose file was changed, is an error; registering mends it", async () => {
  const lake = await temporaryLake();
  const encoded = await nameFile(lake, LONG);
  const [file = ""] = await readdir(join(lake.root, "_medallion/names"));
  await writeFile(join(lake.root, "_medallion/names", file), '{"format":1,"name":"other"}');
  await expect(readName(lake, encoded)).rejects.toMatchObject({ code: "NAME_INVALID" });
  await nameFile(lake, LONG);
  expect(await readName(lake, encoded)).toBe(LONG);
});
