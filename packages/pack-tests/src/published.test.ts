import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect, inject, test } from "vitest";
import { runProcess, toolPath } from "./process.ts";
import { objectOf, publishedPackages, readObject } from "./workspace.ts";

const packages = await publishedPackages();
const tarballOf = (name: string): string => inject("tarballs")[name] ?? "";

test.each(packages)("publint finds nothing in the tarball of $name", async ({ name }) => {
  const content = await readFile(tarballOf(name));
  const tarball = content.buffer.slice(content.byteOffset, content.byteOffset + content.byteLength);
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test.each(packages)(
  "types and code of $name are found alike, by every resolver that knows ES modules",
  async ({ name }) => {
    const attw = join(toolPath("@arethetypeswrong/cli/package.json"), "..", "dist", "index.js");
    const { code, stdout, stderr } = await runProcess(
      process.execPath,
      [attw, "--profile", "esm-only", "--no-color", "--no-emoji", tarballOf(name)],
      ".",
    );
    expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  },
);

test.each(packages)("$name ships what it needs and no more", async ({ name, folder }) => {
  const { stdout } = await runProcess("tar", ["-tzf", tarballOf(name)], ".");
  const files = stdout.split(/\r?\n/).filter(Boolean);
  const documents = ["package/package.json", "package/README.md", "package/CHANGELOG.md", "package/LICENSE"];
  expect(files).toEqual(expect.arrayContaining(documents));
  expect(files.filter((file) => /\.test\.|\/testing\/|\/src\/|tsbuildinfo/.test(file))).toEqual([]);
  expect(await readObject(join(folder, "package.json"))).toMatchObject({
    ...{ license: "MIT", type: "module", engines: { node: ">=20.19" }, publishConfig: { access: "public" } },
    sideEffects: expect.anything(),
    description: expect.stringMatching(/./),
  });
  const packed = await runProcess("tar", ["-xzOf", tarballOf(name), "package/package.json"], ".");
  expect(JSON.stringify(objectOf(packed.stdout))).not.toMatch(/workspace:|catalog:/);
});
