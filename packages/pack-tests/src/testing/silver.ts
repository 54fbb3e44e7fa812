import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** By its path, the JSON Lines of silver and quarantine in a folder, without the times at which they were made. */
export async function silverLines(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const texts = paths.map(async (path) => {
    const text = await readFile(join(folder, path), "utf8");
    return [path, text.replace(/"processed_at":"[^"]*"/g, '"processed_at":""')] as const;
  });
  return Object.fromEntries(await Promise.all(texts));
}
