import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What each package may import of the others. The order is the order of the layers, so that there can be no cycle. */
const mayImport = new Map([
  ["@medallion/schema", []],
  ["@medallion/lake", []],
  ["@medallion/engine", []],
  ["@medallion/bronze", ["schema", "lake"]],
  ["@medallion/silver", ["schema", "lake", "engine"]],
  ["@medallion/gold", ["schema", "lake", "engine"]],
  ["@medallion/cli", ["schema", "lake", "engine", "bronze", "silver", "gold"]],
  ["@medallion/bench", ["lake", "bronze", "cli"]],
  ["@medallion/faults", ["bronze", "cli", "lake"]],
  ["@medallion/pack-tests", ["cli"]],
]);

/**
 * @typedef {{ name: string, packageManager?: string, dependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string>, peerDependencies?: Record<string, string>,
 *   optionalDependencies?: Record<string, string> }} Manifest
 */

/**
 * @param {string} path
 * @returns {Manifest}
 */
function readManifest(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/**
 * Packages may depend on each other only in the directions of the design.
 * @param {string} root
 * @returns {string[]} one message per fault
 */
export function importDirections(root) {
  return ["packages", "apps"]
    .flatMap((group) =>
      existsSync(join(root, group)) ? readdirSync(join(root, group)).map((name) => `${group}/${name}`) : [],
    )
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .flatMap((folder) => {
      const file = `${folder}/package.json`;
      const { name, dependencies, devDependencies, peerDependencies, optionalDependencies } = readManifest(
        join(root, file),
      );
      const allowed = mayImport.get(name)?.map((layer) => `@medallion/${layer}`);
      if (allowed === undefined) return [`${file}: ${name} has no place in the import directions of scripts/rules.mjs`];
      return Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies, ...optionalDependencies })
        .filter((dependency) => dependency.startsWith("@medallion/") && !allowed.includes(dependency))
        .map(
          (dependency) => `${file}: ${name} may not depend on ${dependency}, only on ${allowed.join(", ") || "none"}`,
        );
    });
}

/**
 * A rule that is wrong is changed for everyone, not switched off in one place.
 * @param {string} root
 * @returns {string[]} one message per fault
 */
export function suppressions(root) {
  const pattern = /(?:\/\/|\/\*)\s*(biome-ignore|eslint-disable|prettier-ignore|@ts-ignore|@ts-nocheck|v8 ignore)/;
  return sourceFiles(root).flatMap((path) =>
    readFileSync(join(root, path), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        const found = pattern.exec(line)?.[1];
        return found === undefined
          ? []
          : [`${path}:${index + 1}: found ${found}; mend the code, or the rule in biome.json`];
      }),
  );
}

/**
 * The pinned package manager is also the one that the scripts find on their PATH.
 * @param {string} root
 * @returns {string[]} one message per fault
 */
export function pinnedPackageManager(root) {
  const { packageManager, devDependencies } = readManifest(join(root, "package.json"));
  const installed = `pnpm@${devDependencies?.pnpm}`;
  return packageManager === installed
    ? []
    : [`package.json: packageManager is ${packageManager}, devDependencies have ${installed}; they must be the same`];
}

/**
 * A lockfile that names a registry host installs from nowhere else.
 * @param {string} root
 * @returns {string[]} one message per fault
 */
export function lockfileWithoutHosts(root) {
  return readFileSync(join(root, "pnpm-lock.yaml"), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      /https?:\/\/|tarball:/.test(line) ? [`pnpm-lock.yaml:${index + 1}: names a registry host: ${line.trim()}`] : [],
    );
}

/**
 * @param {string} root
 * @returns {string[]} the source files of the project, relative to the root
 */
function sourceFiles(root) {
  const left = new Set(["node_modules", "dist", "demo-lake"]);
  return readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|mts|js|mjs|json|jsonc)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep))
    .filter((parts) => !parts.some((part) => left.has(part) || (part.startsWith(".") && part !== ".changeset")))
    .map((parts) => parts.join("/"));
}
