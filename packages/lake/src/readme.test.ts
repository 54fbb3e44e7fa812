import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "./testing/lakes.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

test("the example of the README runs", async () => {
  const readme = await readFile(join(PACKAGE, "README.md"), "utf8");
  const [, example = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const root = join(await temporaryFolder(), "lake");
  const script = example.replace('"coordination/medallion"', JSON.stringify(root));
  expect(script).not.toBe(example);
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { cwd: PACKAGE });
  expect(await run).toEqual({ stdout: "1 []\n", stderr: "" });
});

test("the README has every error code", async () => {
  const textOf = (file: string) => readFile(join(PACKAGE, file), "utf8");
  const codesIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, code]) => code).sort();
  const codes = codesIn(await textOf("src/errors.ts"), /^ {2}\| "([A-Z_]+)"/gm);
  const table = (await textOf("README.md")).split("## Errors")[1] ?? "";
  const cells = [...table.matchAll(/^\| (`.*?) \|/gm)].map(([, cell]) => cell).join(" ");
  expect(codes.length).toBeGreaterThan(0);
  expect(codesIn(cells, /`([A-Z_]+)`/g)).toEqual(codes);
});
