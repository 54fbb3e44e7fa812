import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryFolder } from "./testing/lake.ts";
import { compilePackage, outcomeOf, startProcess } from "./testing/processes.ts";

it("has examples that run as they stand, one after the other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const index = await compilePackage();
  const folder = await temporaryFolder();
  await mkdir(join(folder, "coordination"));
  const said = examples.flatMap((example) =>
    [...example.matchAll(/console\.log\(.*; \/\/ (.*)/g)].map((match) => match[1]),
  );
  const outputs: string[] = [];
  for (const [number, example] of examples.entries()) {
    const name = `example-${number}.mjs`;
    const file = join(dirname(fileURLToPath(index)), name);
    await writeFile(file, example.replace('"@medallion/bronze"', JSON.stringify(index)));
    const source = "process.chdir(process.argv[1]); await import(process.argv[2]);";
    const { output, code } = await outcomeOf(startProcess(source, folder, new URL(name, index).href));
    expect(code).toBe(0);
    outputs.push(output);
  }
  expect(examples.length).toBeGreaterThan(3);
  expect(outputs.join("")).toBe(`${said.join("\n")}\n`);
});
