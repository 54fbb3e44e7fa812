import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/lakes.ts";
import { localStorage } from "./local-storage.ts";

test("what is missing is null, empty or no error", async () => {
  const missing = join(await temporaryFolder(), "missing");
  expect(await localStorage.readText(missing)).toBe(null);
  expect(await localStorage.readInto(missing, new Uint8Array(1))).toBe(null);
  expect(await localStorage.status(missing)).toBe(null);
  expect(await localStorage.realPath(missing)).toBe(null);
  expect(await localStorage.list(missing)).toEqual([]);
  await localStorage.remove(missing);
  await expect(localStorage.openForReading(missing)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("bytes are written and read in pieces", async () => {
  const file = join(await temporaryFolder(), "file");
  const writer = await localStorage.openForWriting(file);
  for (const piece of ["ab", "cd", "ef"]) await writer.write(Buffer.from(piece));
  await writer.close();
  const reader = await localStorage.openForReading(file);
  const buffer = Buffer.alloc(10);
  expect(await reader.read(buffer, 1)).toBe(5);
  expect(buffer.toString("utf8", 0, 5)).toBe("bcdef");
  expect(await reader.read(buffer, 6)).toBe(0);
  await reader.close();
  expect(await localStorage.readInto(file, buffer.fill(0))).toBe(6);
  expect(buffer.toString("latin1")).toBe("abcdef\0\0\0\0");
  expect(await localStorage.readInto(file, buffer.subarray(4, 6))).toBe(2);
  expect(buffer.toString("utf8", 0, 6)).toBe("abcdab");
});

test("a name is claimed, and linked, once", async () => {
  const folder = await temporaryFolder();
  await localStorage.write(join(folder, "a"), "a");
  expect(await localStorage.claim(join(folder, "b"))).toBe(true);
  expect(await localStorage.claim(join(folder, "b"))).toBe(false);
  expect(await localStorage.link(join(folder, "a"), join(folder, "b"))).toBe("exists");
  expect(await localStorage.link(join(folder, "a"), join(folder, "c"))).toBe("linked");
});

test("folders are made, listed, synced and removed with what is in them", async () => {
  const folder = await temporaryFolder();
  await localStorage.makeFolder(join(folder, "a/b/c"));
  await localStorage.makeFolder(join(folder, "a/b/c"));
  await writeFile(join(folder, "a/b/file"), "");
  expect((await localStorage.list(join(folder, "a/b"))).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: "c", kind: "folder" },
    { name: "file", kind: "file" },
  ]);
  await localStorage.sync(join(folder, "a/b"));
  await localStorage.remove(join(folder, "a"));
  expect(existsSync(join(folder, "a"))).toBe(false);
});

test("a folder that a file stands in the way of cannot be made", async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, "file"), "");
  for (const path of ["file", "file/a/b"]) {
    await expect(localStorage.makeFolder(join(folder, path))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  }
});

test.skipIf(process.platform !== "linux")(
  "a file system that makes no folders ends the attempt to make one",
  async () => {
    await expect(localStorage.makeFolder("/proc/no/folder/here")).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  },
);
