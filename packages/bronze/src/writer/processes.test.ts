import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linesOf, temporaryLake } from "../testing/lake.ts";
import { outcomeOf, startProcess } from "../testing/processes.ts";
import { AppendFile } from "./append-file.ts";

const FILE = "bronze/raw-tasks/20251127.jsonl";

/** Appends groups of records of very different lengths, and writes the number of each once it is acknowledged. */
const APPEND = `
const [root, name, count] = process.argv.slice(1);
const { openWriter } = await import("@medallion/bronze");
const { openLake } = await import("@medallion/lake");
const now = () => Date.UTC(2025, 10, 27, 12) * 1000;
const writer = openWriter(await openLake(root), { folder: "raw-tasks" }, { now });
const append = async (n) => {
  await writer.append({ name, n, text: "x".repeat((n * 7919) % 20000) });
  process.stdout.write(name + ":" + n + "\\n");
};
for (let n = 0; n < Number(count); n += 20) await Promise.all(Array.from({ length: 20 }, (_, k) => append(n + k)));
await writer.close();
`;

function isRecord(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

it("lets 8 processes append at once: nothing is lost, nothing is torn", async () => {
  const lake = await temporaryLake();
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const ends = await Promise.all(names.map((name) => outcomeOf(startProcess(APPEND, lake.root, name, "300"))));
  expect(ends.map((end) => end.code)).toEqual(names.map(() => 0));
  const lines = (await linesOf(lake, FILE)).filter((line) => line !== "");
  const found = lines.map((line): { name: string; n: number } => JSON.parse(line));
  expect(found).toHaveLength(8 * 300);
  for (const name of names) {
    const numbers = found.filter((record) => record.name === name).map((record) => record.n);
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, n) => n));
  }
});

it("keeps all that was acknowledged when processes are killed in the middle", async () => {
  const lake = await temporaryLake();
  const ends = await Promise.all(
    ["a", "b", "c", "d"].map(async (name, turn) => {
      const child = startProcess(APPEND, lake.root, name, "4000");
      let seen = 0;
      child.stdout?.on("data", () => {
        if (++seen === 2 + 3 * turn) child.kill("SIGKILL");
      });
      return outcomeOf(child);
    }),
  );
  const after = await outcomeOf(startProcess(APPEND, lake.root, "e", "20"));
  const acknowledged = [...ends, after].flatMap((end) => end.output.split("\n").slice(0, -1));
  const lines = (await linesOf(lake, FILE)).filter((line) => line !== "");
  const kept = lines.filter(isRecord).map((line): { name: string; n: number } => JSON.parse(line));
  const names = new Set(kept.map((record) => `${record.name}:${record.n}`));
  expect(acknowledged.length).toBeGreaterThan(20);
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
  expect(lines.length - kept.length).toBeLessThanOrEqual(4);
});

it("writes its first line again when another process left half a line just before it", async () => {
  const lake = await temporaryLake();
  const file = await AppendFile.open(lake, FILE);
  const other = await open(join(lake.root, FILE), "a");
  const lines = Buffer.from('\n{"n":1}\n{"n":2}\n');
  const append = file.append(lines, lines.length);
  // Lands between the look at the last byte, which has begun, and the write.
  await other.write('{"torn":');
  await append;
  await other.close();
  await file.close();
  const text = (await linesOf(lake, FILE)).join("\n");
  expect(text).toMatch(/(^|\n)\{"n":1\}($|\n)/);
  expect(text).toMatch(/(^|\n)\{"n":2\}($|\n)/);
});
