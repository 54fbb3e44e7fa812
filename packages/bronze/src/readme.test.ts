import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "./testing/lake.ts";
import { compilePackage, outcomeOf, startProcess } from "./testing/processes.ts";

it("has an example that runs as it stands", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  const index = await compilePackage();
  const folder = await temporaryFolder();
  await mkdir(join(folder, "coordination"));
  const file = join(dirname(fileURLToPath(index)), "example.mjs");
  await writeFile(file, example.replace('"@medallion/bronze"', JSON.stringify(index)));
  const { output, code } = await outcomeOf(
    startProcess(
      "process.chdir(process.argv[1]); await import(process.argv[2]);",
      folder,
      new URL("example.mjs", index).href,
    ),
  );
  expect({ output, code }).toEqual({ output: "false 2 0\n", code: 0 });
});
