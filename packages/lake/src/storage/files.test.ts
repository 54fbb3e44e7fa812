import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crashAt, withoutLinks } from "../testing/crashing-storage.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { createFile, replaceFile } from "./files.ts";
import { localStorage } from "./local-storage.ts";

const FILE = "gold/kpis/x.json";

test("replaceFile creates the folders and leaves nothing behind", async () => {
  const lake = await temporaryLake();
  await replaceFile(lake, FILE, "old");
  await replaceFile(lake, FILE, Buffer.from("new"));
  expect(await readFile(join(lake.root, FILE), "utf8")).toBe("new");
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([]);
});

test("a reader of a file that is being replaced sees the old content or the new", async () => {
  const lake = await temporaryLake();
  const contents = ["a".repeat(100_000), "b".repeat(200_000)];
  await replaceFile(lake, FILE, contents[0] ?? "");
  let writing = true;
  const writer = (async () => {
    for (let round = 0; round < 20; round++) await replaceFile(lake, FILE, contents[round % 2] ?? "");
    writing = false;
  })();
  while (writing) expect(contents).toContain(await readFile(join(lake.root, FILE), "utf8"));
  await writer;
});

test("a replacement that dies at any step leaves the old content or the new", async () => {
  for (let step = 1; ; step++) {
    const lake = await temporaryLake();
    await replaceFile(lake, FILE, "the old content");
    const { storage, crashed } = crashAt(step);
    await replaceFile({ ...lake, storage }, FILE, "the new content").catch(() => undefined);
    expect(["the old content", "the new content"]).toContain(await readFile(join(lake.root, FILE), "utf8"));
    if (!crashed()) break;
  }
});

test.each([
  ["with", localStorage],
  ["without", withoutLinks],
])("createFile %s links: one of many creates the file, whole", async (_, storage) => {
  const lake = { ...(await temporaryLake()), storage };
  const created = await Promise.all(Array.from({ length: 8 }, (_, index) => createFile(lake, "gold/x", `${index}`)));
  expect(created.filter(Boolean)).toHaveLength(1);
  expect(await readFile(join(lake.root, "gold/x"), "utf8")).toBe(String(created.indexOf(true)));
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([]);
});

test("what stands in the way is named", async () => {
  const lake = await temporaryLake();
  await mkdir(join(lake.root, FILE), { recursive: true });
  await writeFile(join(lake.root, FILE, "inner"), "");
  await expect(replaceFile(lake, FILE, "x")).rejects.toMatchObject({
    code: "STORAGE_FAILED",
    message: expect.stringContaining(join(lake.root, FILE)),
  });
  expect(await readdir(join(lake.root, "_medallion/tmp"))).toEqual([]);
});
