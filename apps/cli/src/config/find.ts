import { existsSync, lstatSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "./errors.ts";

/** The names of a configuration file; a folder may have one of them. */
const CONFIG_NAMES = [
  "medallion.config.ts",
  "medallion.config.mts",
  "medallion.config.js",
  "medallion.config.mjs",
  "medallion.config.json",
] as const;

const EXTENSIONS = /\.(?:m?ts|m?js|json)$/;

/**
 * Looks for a configuration file in a folder and upward, no further than the root of the git repository, or without one
 * the root of the lake, that the folder is in. In neither, only the folder itself counts: a file that others have put
 * into a folder that everyone shares is no configuration.
 * @returns the absolute path, or null
 * @throws ConfigError CONFIG_INVALID when a folder has two, or one that is no file
 */
export function findConfig(workingDirectory: string): string | null {
  const folders = ancestors(resolve(workingDirectory));
  const root =
    folders.findIndex((folder) => existsSync(join(folder, ".git"))) + 1 ||
    folders.findIndex((folder) => existsSync(join(folder, "_medallion/lake.json"))) + 1 ||
    1;
  for (const folder of folders.slice(0, root)) {
    const found = CONFIG_NAMES.filter((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined);
    const [name, other] = found;
    if (name !== undefined && other !== undefined) {
      throw new ConfigError("CONFIG_INVALID", folder, [
        `expected one configuration file, found ${found.join(" and ")}; keep one, or name it with --config`,
      ]);
    }
    if (name === undefined) continue;
    if (isFile(join(folder, name))) return join(folder, name);
    throw new ConfigError("CONFIG_INVALID", join(folder, name), ["expected a file, found something else"]);
  }
  return null;
}

/**
 * The absolute path of a configuration file that was named.
 * @throws ConfigError CONFIG_NOT_FOUND; CONFIG_INVALID for another kind of file
 */
export function namedConfig(workingDirectory: string, name: string): string {
  const file = resolve(workingDirectory, name);
  if (!EXTENSIONS.test(name)) {
    throw new ConfigError("CONFIG_INVALID", name, ["expected a file that ends in .ts, .mts, .js, .mjs or .json"]);
  }
  if (isFile(file)) return file;
  throw new ConfigError("CONFIG_NOT_FOUND", name, ["expected a configuration file, found no such file"]);
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
