import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root } from "./run.mjs";

/** @type {string} */
let project;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "medallion-lint-"));
  for (const name of ["biome.json", ".gitignore"]) copyFileSync(join(root, name), join(project, name));
  write("packages/lake/package.json", '{ "name": "@medallion/lake" }\n');
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

/**
 * @param {string} path
 * @param {string} content
 */
function write(path, content) {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** @returns {string[]} the rules that the files break, sorted */
function brokenRules() {
  const biome = join(root, "node_modules", "@biomejs", "biome", "bin", "biome");
  const { stdout } = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "--error-on-warnings", "."], {
    cwd: project,
    encoding: "utf8",
  });
  /** @type {{ diagnostics: { category: string, severity: string }[] }} */
  const { diagnostics } = JSON.parse(stdout);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return [...new Set(errors.map(({ category }) => category.replace("lint/", "")))].sort();
}

test("a file without a fault breaks no rule", () => {
  write("packages/lake/src/a.ts", "export const a = 1;\n");
  write("packages/lake/src/b.ts", 'import { a } from "./a.ts";\n\nexport const b: number = a;\n');
  write("packages/lake/src/b.test.ts", 'import { a } from "@medallion/lake";\n\nexport const c: number = a;\n');
  expect(brokenRules()).toEqual([]);
});

test.each([
  ["style/noExcessiveLinesPerFile", `export const a = [\n${"  1,\n".repeat(400)}];\n`],
  ["suspicious/noExplicitAny", "export function first(list: any): unknown {\n  return list;\n}\n"],
  ["suspicious/noTsIgnore", `// ${"@ts-ignore"}\nexport const a: string = 1;\n`],
  ["suspicious/noConsole", 'console.log("stray");\n'],
  ["style/noNonNullAssertion", "export const first = (list: number[]): number => list[0]!;\n"],
  ["style/noDefaultExport", "export default 1;\n"],
  ["style/useNodejsImportProtocol", 'export { join } from "path";\n'],
  ["style/noRestrictedImports", 'export { b } from "../../bronze/src/b.ts";\n'],
  ["style/noRestrictedImports", 'export { b } from "@medallion/lake/dist/b.js";\n'],
  ["correctness/noUndeclaredDependencies", 'export { z } from "zod";\n'],
  ["correctness/noUndeclaredDependencies", 'export { z } from "@medallion/gold";\n'],
  ["nursery/noFloatingPromises", "async function save(): Promise<void> {}\n\nsave();\n"],
])("%s is found", (rule, text) => {
  write("packages/lake/src/a.ts", text);
  write("packages/bronze/src/b.ts", "export const b = 1;\n");
  expect(brokenRules()).toContain(rule);
});

test("an import without the ending of the file is found", () => {
  write("packages/lake/src/a.ts", 'import { b } from "./b";\n\nexport const a: number = b;\n');
  write("packages/lake/src/b.ts", "export const b = 1;\n");
  expect(brokenRules()).toEqual(["correctness/useImportExtensions"]);
});

test("a cycle of three files is found", () => {
  write("packages/lake/src/a.ts", 'import { b } from "./b.ts";\n\nexport const a = (): number => b();\n');
  write("packages/lake/src/b.ts", 'import { c } from "./c.ts";\n\nexport const b = (): number => c();\n');
  write("packages/lake/src/c.ts", 'import { a } from "./a.ts";\n\nexport const c = (): number => a();\n');
  expect(brokenRules()).toEqual(["suspicious/noImportCycles"]);
});
