import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The bytes of all files of a folder, those of the folders in it included; links are not followed. */
export async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await lstat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The names of the packages in a `node_modules` folder, sorted. */
export async function installedPackages(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith("."));
  const groups = names.map(async (name) =>
    name.startsWith("@") ? (await readdir(join(folder, name))).map((member) => `${name}/${member}`) : [name],
  );
  return (await Promise.all(groups)).flat().sort();
}
