import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { onTestFinished } from "vitest";

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-faults-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Copies a lake, to be disturbed. */
export async function copyOf(lake: string, to: string): Promise<string> {
  await rm(to, { recursive: true, force: true });
  await cp(lake, to, { recursive: true, preserveTimestamps: true });
  return to;
}

/**
 * The digests of all files of a lake, by path. Folders that are empty are not looked at. Of commits, in which files stand
 * in the order in which they were staged, the text is given, in another order.
 */
export async function digestsOf(lake: string): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const path of await filesOf(lake)) {
    const bytes = await readFile(join(lake, path));
    digests[path] = path.startsWith("_medallion/commits/")
      ? withoutOrder(bytes.toString())
      : createHash("sha256").update(bytes).digest("hex");
  }
  return digests;
}

function withoutOrder(text: string): string {
  const commit: { readonly writes: readonly { readonly file: string }[] } = JSON.parse(text);
  const writes = [...commit.writes].sort((a, b) => (a.file < b.file ? -1 : 1));
  return JSON.stringify({ ...commit, writes, running: null });
}

/** The paths of all files of a lake, in order. */
export async function filesOf(lake: string): Promise<string[]> {
  const entries = await readdir(lake, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(lake, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** The lines of all bronze files of a folder. */
export async function bronzeLines(lake: string, folder: string): Promise<string[]> {
  const names = await readdir(join(lake, "bronze", folder)).catch(() => []);
  const texts = await Promise.all(names.sort().map((name) => readFile(join(lake, "bronze", folder, name), "utf8")));
  return texts.flatMap((text) => text.split("\n")).filter((line) => line.trim() !== "");
}
