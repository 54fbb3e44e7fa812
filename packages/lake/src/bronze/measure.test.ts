import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runningChecksum } from "../commits/running-checksum.ts";
import { bronzePath } from "../layout/layout.ts";
import { temporaryLake } from "../testing/lakes.ts";
import { addDays, parseDay } from "../time/days.ts";
import { LineCounter } from "./lines.ts";
import { measureRange } from "./measure.ts";

const TODAY = addDays(parseDay("today", { timeZone: "UTC" }), 1);
const PATH = bronzePath("raw-tasks", TODAY);
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function lakeWith(content: Buffer | string, path = PATH) {
  const lake = await temporaryLake();
  await mkdir(join(lake.root, "bronze/raw-tasks"), { recursive: true });
  await writeFile(join(lake.root, path), content);
  return lake;
}

/** What is counted, said another way. */
function reference(bytes: Buffer) {
  const lines = bytes.toString("latin1").split("\n");
  return {
    lines: lines.filter((line) => /[^ \t\r]/.test(line)).length,
    maxLineBytes: Math.max(...lines.map((line) => line.length)),
  };
}

test("a range is measured and copied, and its checksum goes on from the one before", async () => {
  const content = Buffer.from('{"a":1}\n\n \t\r\n{"b":"é"}\n');
  const lake = await lakeWith(content);
  const copyTo = join(lake.root, "_medallion/tmp/slice");
  const first = await measureRange(lake, PATH, 0, 8, "");
  expect(first).toEqual({
    to: 8,
    lines: 1,
    maxLineBytes: 7,
    sha256: sha256(content.subarray(0, 8)),
    running: runningChecksum("", sha256(content.subarray(0, 8))),
  });
  const rest = await measureRange(lake, PATH, 8, content.length, first.running, { copyTo });
  expect(rest).toMatchObject({ to: content.length, lines: 1, maxLineBytes: 10 });
  expect(rest.running).toBe(runningChecksum(first.running, sha256(content.subarray(8))));
  expect(await readFile(copyTo)).toEqual(content.subarray(8));
});

test("a line without its end waits, unless it is final or its day is over", async () => {
  const content = `{"a":1}\n{"torn":"${"x".repeat(200_000)}`;
  const size = content.length;
  const lake = await lakeWith(content);
  expect(await measureRange(lake, PATH, 0, size, "")).toMatchObject({ to: 8, lines: 1 });
  expect(await measureRange(lake, PATH, 8, size, "before")).toMatchObject({ to: 8, lines: 0, running: "before" });
  expect(await measureRange(lake, PATH, 0, size, "", { final: true })).toMatchObject({ to: size, lines: 2 });
  const past = bronzePath("raw-tasks", "20200101", "part");
  const old = await lakeWith(content, past);
  expect(await measureRange(old, past, 0, size, "")).toMatchObject({ to: size, lines: 2, maxLineBytes: size - 8 });
  expect(await measureRange(old, past, 0, size, "", { final: false })).toMatchObject({ to: 8 });
});

test("what is appended while a range is read does not belong to it", async () => {
  const lake = await lakeWith("1\n2\n3\n");
  expect(await measureRange(lake, PATH, 2, 4, "")).toMatchObject({
    to: 4,
    lines: 1,
    sha256: sha256(Buffer.from("2\n")),
  });
});

test("a file that ends too early is an error", async () => {
  const lake = await lakeWith("12345\n");
  for (const final of [true, false]) {
    await expect(measureRange(lake, PATH, 0, 10, "", { final })).rejects.toMatchObject({ code: "BRONZE_TRUNCATED" });
  }
});

test("files larger than a piece are read whole", async () => {
  const content = Buffer.from(`${"x".repeat(999)}\n`.repeat(9_000));
  const lake = await lakeWith(content);
  expect(await measureRange(lake, PATH, 0, content.length, "")).toMatchObject({
    to: content.length,
    lines: 9_000,
    maxLineBytes: 999,
    sha256: sha256(content),
  });
});

test("lines are counted the same in whatever pieces they come", () => {
  const bytes = fc
    .array(fc.constantFrom(..."{a \t\r\n\n"), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join("")));
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(60), { maxLength: 5 }), (content, cuts) => {
      const counter = new LineCounter();
      const ends = [...cuts.filter((cut) => cut < content.length).sort((a, b) => a - b), content.length];
      for (const [index, end] of ends.entries()) counter.add(content.subarray(ends[index - 1] ?? 0, end));
      expect(counter.end()).toEqual(reference(content));
    }),
    { numRuns: 1000 },
  );
});
