import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { idsInBronze } from "../bronze.ts";
import { note } from "../figures.ts";
import { filesOf, temporaryFolder } from "../lakes.ts";
import { medallion, succeed } from "../medallion.ts";

const MOUNTS = process.platform === "linux" && process.getuid?.() === 0;

/** A file system in memory, of a size in MiB, that goes with the test; `grow` gives it another size. */
async function smallDisk(size: number): Promise<{ readonly folder: string; grow(size: number): void }> {
  const folder = join(await temporaryFolder(), "disk");
  await mkdir(folder);
  const mount = (...args: string[]) => execFileSync("mount", [...args, folder], { stdio: "pipe" });
  mount("-t", "tmpfs", "-o", `size=${size}m`, "tmpfs");
  onTestFinished(() => {
    execFileSync("umount", [folder], { stdio: "pipe" });
  });
  return { folder, grow: (more) => mount("-o", `remount,size=${more}m`) };
}

it.skipIf(!MOUNTS)("a disk that is really full is a clear error, and all goes on when there is room", async () => {
  const disk = await smallDisk(3);
  const lake = join(disk.folder, "lake");
  await succeed(lake, ["init"]);
  const ids = Array.from({ length: 6000 }, (_, index) => `f-${index}`);
  const lines = ids.map((task_id) =>
    JSON.stringify({ task_id, status: "completed", timestamp: "2025-11-27T10:00:00Z", pad: "x".repeat(100) }),
  );
  const source = join(disk.folder, "..", "tasks.jsonl");
  await writeFile(source, `${lines.join("\n")}\n`);
  await succeed(lake, ["ingest", "tasks", source]);
  const before = await filesOf(lake);
  for (const args of [["run"], ["ingest", "tasks", source, "--new"]]) {
    const { code, stderr } = await medallion(lake, args);
    expect([args, code, stderr]).toEqual([args, 1, expect.stringMatching(/ENOSPC|No space left/)]);
    expect(stderr).not.toMatch(/bug in Medallion|\n +at /);
    // What was refused leaves the room to whoever comes next.
    expect((await filesOf(lake)).filter((path) => !before.includes(path))).toEqual([]);
    note("writes refused");
  }
  const refused = await medallion(lake, ["ingest", "tasks", source]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/[0-9]+ are on disk, [0-9]+ are not ack/)]);
  note("writes refused");
  disk.grow(60);
  const kept = Number(/([0-9]+) are on disk/.exec(refused.stderr)?.[1]);
  const found = await idsInBronze(lake);
  expect([...found.values()].reduce((sum, count) => sum + count, 0)).toBe(ids.length + kept);
  await succeed(lake, ["run"]);
  expect(await succeed(lake, ["ingest", "tasks", source, "--new"])).toMatchObject({ records: ids.length });
  await succeed(lake, ["run"]);
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
