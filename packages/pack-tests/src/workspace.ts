import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top level of the repository. */
export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A package that is published. */
export interface PublishedPackage {
  /** Such as `@medallion/schema`. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
}

/** Every package of the workspace that is not private, by name. */
export async function publishedPackages(): Promise<PublishedPackage[]> {
  const found: PublishedPackage[] = [];
  for (const group of ["packages", "apps"]) {
    for (const { name: folderName } of await readdir(join(ROOT, group), { withFileTypes: true })) {
      const folder = join(ROOT, group, folderName);
      const manifest = await readObject(join(folder, "package.json"));
      if (typeof manifest?.name === "string" && manifest.private !== true) found.push({ name: manifest.name, folder });
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file that holds a JSON object; null when there is no such file. */
export async function readObject(path: string): Promise<Record<string, unknown> | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null) return null;
  return objectOf(text);
}

/**
 * A text as a JSON object.
 * @throws TypeError when it is something else
 */
export function objectOf(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`no object: ${text}`);
  return Object.fromEntries(Object.entries(value));
}
