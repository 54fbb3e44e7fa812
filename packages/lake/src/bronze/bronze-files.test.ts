import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder, temporaryLake } from "../testing/lakes.ts";
import { listBronze } from "./bronze-files.ts";

test("bronze files are listed by day, then path; other names are passed over", async () => {
  const lake = await temporaryLake();
  const folder = join(lake.root, "bronze/events");
  expect(await listBronze(lake, "events")).toEqual([]);
  await mkdir(join(folder, "20251127.jsonl"), { recursive: true });
  const names = ["b-20251127.jsonl", "a-b-20251127.jsonl", "20251128.jsonl", "%54ask-20251126.jsonl"];
  const others = [
    "20250230.jsonl",
    "x.jsonl",
    "20251127.json",
    "A-20251127.jsonl",
    ".a-20251127.jsonl",
    "-20251127.jsonl",
  ];
  for (const name of [...names, ...others]) await writeFile(join(folder, name), "12345");
  expect(await listBronze(lake, "events")).toEqual([
    { path: "bronze/events/%54ask-20251126.jsonl", day: "20251126", part: "%54ask", size: 5 },
    { path: "bronze/events/a-b-20251127.jsonl", day: "20251127", part: "a-b", size: 5 },
    { path: "bronze/events/b-20251127.jsonl", day: "20251127", part: "b", size: 5 },
    { path: "bronze/events/20251128.jsonl", day: "20251128", part: null, size: 5 },
  ]);
  await expect(listBronze(lake, "../silver")).rejects.toMatchObject({ code: "NAME_INVALID" });
});

test.skipIf(process.platform === "win32")("a symbolic link is followed only inside the lake", async () => {
  const lake = await temporaryLake();
  const folder = join(lake.root, "bronze/raw-tasks");
  await mkdir(folder);
  await writeFile(join(lake.root, "bronze/elsewhere"), "123");
  await symlink(join(lake.root, "bronze/elsewhere"), join(folder, "20251127.jsonl"));
  expect(await listBronze(lake, "raw-tasks")).toMatchObject([{ day: "20251127", size: 3 }]);
  const outside = join(await temporaryFolder(), "secret");
  await writeFile(outside, "1");
  await symlink(outside, join(folder, "20251128.jsonl"));
  await expect(listBronze(lake, "raw-tasks")).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
});
