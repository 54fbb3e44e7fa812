import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "./testing/lake.ts";
import { outcomeOf, startProcess } from "./testing/processes.ts";

it("has examples that run as they stand, one after the other", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
  const folder = await temporaryFolder();
  await mkdir(join(folder, "coordination"));
  const said = examples.flatMap((example) =>
    [...example.matchAll(/console\.log\(.*; \/\/ (.*)/g)].map((match) => match[1]),
  );
  const outputs: string[] = [];
  for (const example of examples) {
    const { output, code } = await outcomeOf(startProcess(`process.chdir(process.argv[1]);\n${example}`, folder));
    expect(code).toBe(0);
    outputs.push(output);
  }
  expect(examples.length).toBeGreaterThan(3);
  expect(outputs.join("")).toBe(`${said.join("\n")}\n`);
});
