import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { importDirections, lockfileWithoutHosts, pinnedPackageManager, suppressions } from "./rules.mjs";

/** @type {string} */
let project;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "medallion-check-"));
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

/**
 * @param {string} path
 * @param {string | object} content
 */
function write(path, content) {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

test("a leaf that depends on a higher layer is a fault", () => {
  write("packages/lake/package.json", {
    name: "@medallion/lake",
    dependencies: { "@medallion/silver": "workspace:^" },
  });
  expect(importDirections(project)).toEqual([
    "packages/lake/package.json: @medallion/lake may not depend on @medallion/silver, only on none",
  ]);
});

test("two layers that depend on each other are a fault, in any kind of dependency", () => {
  write("packages/silver/package.json", {
    name: "@medallion/silver",
    devDependencies: { "@medallion/gold": "workspace:^" },
  });
  write("packages/gold/package.json", {
    name: "@medallion/gold",
    peerDependencies: { "@medallion/silver": "workspace:^" },
  });
  expect(importDirections(project)).toHaveLength(2);
});

test("a package without a place among the layers is a fault", () => {
  write("apps/web/package.json", { name: "@medallion/web" });
  expect(importDirections(project)).toEqual([expect.stringContaining("@medallion/web has no place")]);
});

test.each(["biome-ignore lint: no", "@ts-ignore", "@ts-nocheck"])("a comment with %s is a fault", (comment) => {
  write("packages/lake/src/a.ts", `export const a = 1;\n// ${comment}\n`);
  expect(suppressions(project)).toEqual([expect.stringContaining("packages/lake/src/a.ts:2: found ")]);
});

test("a package manager that is pinned twice and differently is a fault", () => {
  write("package.json", { packageManager: "pnpm@10.0.0", devDependencies: { pnpm: "10.0.1" } });
  expect(pinnedPackageManager(project)).toHaveLength(1);
});

test("a lockfile that names a host is a fault", () => {
  write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n    resolution: {tarball: https://example.org/a.tgz}\n");
  expect(lockfileWithoutHosts(project)).toEqual([expect.stringContaining("pnpm-lock.yaml:2: ")]);
});
