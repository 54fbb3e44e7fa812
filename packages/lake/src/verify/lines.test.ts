import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { temporaryLake } from "../testing/lakes.ts";
import { compareLines } from "./lines.ts";

async function compare(first: string | Buffer, second: string | Buffer, normal?: (line: string) => string) {
  const lake = await temporaryLake();
  const [a, b] = [join(lake.root, "a"), join(lake.root, "b")];
  await writeFile(a, first);
  await writeFile(b, second);
  return compareLines(lake, [a], [b], normal);
}

it("finds the lines that the other file does not have, whatever their order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("", "a", "b", "ü")),
      fc.array(fc.constantFrom("", "a", "b", "ü")),
      async (a, b) => {
        const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join("");
        const { onlyInFirst, onlyInSecond } = await compare(textOf(a), textOf(b));
        const left = [...a];
        const missing = b.filter((line) => {
          const at = left.indexOf(line);
          if (at !== -1) left.splice(at, 1);
          return at === -1;
        });
        expect(onlyInFirst.map(({ text }) => text).sort()).toEqual(left.sort());
        expect(onlyInSecond.map(({ text }) => text).sort()).toEqual(missing.sort());
      },
    ),
    { numRuns: 30 },
  );
});

it("gives the numbers of the lines, and leaves out what does not count", async () => {
  expect(await compare("a 1\nb 1\nc 1\n", "a 2\nd 2\nb 2\n", (line) => line.slice(0, 1))).toEqual({
    onlyInFirst: [{ number: 3, text: "c 1" }],
    onlyInSecond: [{ number: 2, text: "d 2" }],
  });
});

it("tells lines apart that are not UTF-8, or do not end", async () => {
  expect((await compare(Buffer.from([0xff, 10]), Buffer.from([0xfe, 10]))).onlyInFirst).toHaveLength(1);
  expect((await compare("a\n", "a")).onlyInSecond).toEqual([{ number: 1, text: "a (no line feed)" }]);
});
