import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { apiReport } from "./api-report.mjs";

/** @param {Record<string, string>} files */
function packageWith(files) {
  const folder = mkdtempSync(join(tmpdir(), "medallion-api-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const manifest = JSON.stringify({
  name: "@medallion/example",
  exports: { ".": { types: "./dist/index.d.ts" }, "./package.json": "./package.json" },
});

test("a report holds what is exported and what that refers to, without comments", () => {
  const folder = packageWith({
    "package.json": manifest,
    "dist/index.d.ts":
      'export { type Shown, shown as renamed } from "./shown.ts";\nexport type { Other } from "other";\n',
    "dist/shown.d.ts": [
      'import type { Hidden } from "./hidden.ts";',
      "/** A comment. */",
      "export interface Shown {",
      "    /** Another one. */",
      "    readonly hidden: Hidden;",
      "}",
      "export declare function shown(one: string): Shown;",
      "export declare function shown(one: number): Shown;",
      "export declare const unused: number;",
      "",
    ].join("\n"),
    "dist/hidden.d.ts": 'export interface Hidden extends Base { }\ninterface Base { b: import("./far.ts").Far; }\n',
    "dist/far.d.ts": "export type Far = 1;\nexport type Unused = 2;\n",
  });
  const fence = "```";
  expect(apiReport(folder).split("\n").slice(4)).toEqual([
    "## @medallion/example",
    "",
    `${fence}ts`,
    'export { Other as Other } from "other";',
    "",
    "interface Shown {",
    "    readonly hidden: Hidden;",
    "}",
    "",
    "// as renamed",
    "declare function shown(one: string): Shown;",
    "declare function shown(one: number): Shown;",
    fence,
    "",
    "## Not exported, but part of the above",
    "",
    `${fence}ts`,
    "// far",
    "type Far = 1;",
    "",
    "// hidden",
    'interface Base { b: import("./far.ts").Far; }',
    "",
    "// hidden",
    "interface Hidden extends Base { }",
    fence,
    "",
  ]);
});

test("types that cannot be read are an error that names the file", () => {
  const folder = packageWith({ "package.json": manifest, "dist/index.d.ts": "export declare function (;" });
  expect(() => apiReport(folder)).toThrow(/index\.d\.ts: /);
});
