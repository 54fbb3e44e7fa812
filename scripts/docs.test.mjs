import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run.mjs";

/** @param {string} folder @returns {string[]} */
const markdownIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name));

const packages = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => join(group, name, "README.md")),
);
const documents = ["README.md", "CONTRIBUTING.md", ...markdownIn("docs"), ...packages].filter((path) =>
  existsSync(join(root, path)),
);

test.each(documents)("the links of %s lead to files", (path) => {
  const text = readFileSync(join(root, path), "utf8");
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, link = ""]) => link);
  expect(links.filter((link) => !existsSync(join(root, dirname(path), link)))).toEqual([]);
});

test.each(documents)("the files that %s names are there", (path) => {
  const text = readFileSync(join(root, path), "utf8");
  const named = [...text.matchAll(/`((?:(?:packages|apps|docs)\/[\w./-]+)|scripts\/[\w-]+\.mjs)`/g)].map(
    ([, file = ""]) => file,
  );
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("the functions of the walk are in the files that it names", () => {
  const text = readFileSync(join(root, "docs/architecture.md"), "utf8");
  const rows = [...text.matchAll(/^\|[^|]*\| (`[^|]*`) \| (`[^|]*`) \|$/gm)];
  expect(rows.length).toBeGreaterThan(20);
  for (const [, functions = "", files = ""] of rows) {
    const sources = [...files.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => readFileSync(join(root, file), "utf8"));
    for (const [, name = ""] of functions.matchAll(/`([^`]+)`/g)) {
      const declared = new RegExp(`export (?:async )?(?:function|class) ${name}\\b`);
      expect(
        sources.some((source) => declared.test(source)),
        `${name} in ${files}`,
      ).toBe(true);
    }
  }
});
