import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { expect, it } from "vitest";
import { note } from "../figures.ts";
import { bronzeLines, temporaryFolder } from "../lakes.ts";
import { peakMemory, succeed } from "../medallion.ts";
import { scaled } from "../scale.ts";

const MEBIBYTE = 1024 * 1024;
/** What a command may hold of a source, whatever is in it: a document of the longest kind, twice, and itself. */
const MOST_MEMORY = 900 * MEBIBYTE;

async function newLake(): Promise<{ folder: string; lake: string }> {
  const folder = await temporaryFolder();
  const lake = join(folder, "lake");
  await succeed(lake, ["init"]);
  return { folder, lake };
}

function* repeated(text: string, size: number): Generator<string> {
  const piece = text.repeat(Math.ceil(MEBIBYTE / text.length));
  for (let written = 0; written < size; written += piece.length) yield piece;
}

it("a line that is too long is refused with its place, in bounded memory", async () => {
  const { folder, lake } = await newLake();
  const source = join(folder, "long.jsonl");
  const size = scaled(1024, 80) * MEBIBYTE;
  await pipeline(function* () {
    yield '{"task_id":"a"}\n{"task_id":"';
    yield* repeated("x", size);
    yield '"}\n{"task_id":"z"}\n';
  }, createWriteStream(source));
  const { code, stderr, bytes } = await peakMemory(lake, ["ingest", "tasks", source]);
  expect([code, stderr]).toEqual([1, expect.stringMatching(/at most [0-9]+ bytes.*line 2/)]);
  expect(bytes).toBeLessThan(MOST_MEMORY);
  expect(await bronzeLines(lake, "raw-tasks")).toHaveLength(1);
  note("hostile inputs");
});

it("a gzip bomb is refused in bounded memory", async () => {
  const { folder, lake } = await newLake();
  const source = join(folder, "bomb.json.gz");
  const size = scaled(4096, 150) * MEBIBYTE;
  await pipeline(() => repeated("[", size), createGzip({ level: 1 }), createWriteStream(source));
  const { code, stderr, bytes } = await peakMemory(lake, ["ingest", "tasks", source]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("bytes")]);
  expect(bytes).toBeLessThan(MOST_MEMORY);
  note("hostile inputs");
});

it.each([
  ["100,000 nested brackets", `${"[".repeat(100_000)}${"]".repeat(100_000)}\n`],
  ["100,000 nested objects", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}\n`],
  ["100,000 brackets that are never closed", `${"[".repeat(100_000)}\n`],
])("%s are kept, set aside and counted", async (_, text) => {
  const { lake } = await newLake();
  await succeed(lake, ["ingest", "tasks", "-"], { input: text });
  expect(await succeed(lake, ["run"])).toMatchObject({ read: 1, quarantined: 1 });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
  note("hostile inputs");
});

it("100,000 distinct keys, in one record and in as many, pass in bounded memory", async () => {
  const { folder, lake } = await newLake();
  const count = scaled(100_000, 20_000);
  const many = Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, index]));
  const time = { status: "completed", timestamp: "2025-11-27T10:00:00Z" };
  const source = join(folder, "keys.jsonl");
  const lines = [
    JSON.stringify({ task_id: "wide", ...time, ...many }),
    ...Array.from({ length: count }, (_, index) => JSON.stringify({ task_id: `t${index}`, ...time, [`k${index}`]: 1 })),
  ];
  await writeFile(source, `${lines.join("\n")}\n`);
  await succeed(lake, ["ingest", "tasks", source]);
  const { code, stderr, bytes } = await peakMemory(lake, ["run"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(bytes).toBeLessThan(2 * MOST_MEMORY);
  expect(await succeed(lake, ["status"])).toMatchObject({
    datasets: [{ dataset: "tasks", rows: count + 1 }, {}, {}, {}],
  });
  note("hostile inputs", 2);
});

it("a CSV with a quote that is never closed, or with a name twice in its header, is an error with its place", async () => {
  const { folder, lake } = await newLake();
  const open = join(folder, "open.csv");
  await writeFile(open, 'task_id,status\na,completed\nb,"never closed\nc,failed\n');
  const twice = join(folder, "twice.csv");
  await writeFile(twice, "task_id,status,status\na,completed,failed\n");
  for (const source of [open, twice]) {
    const { code, stdout, stderr } = await peakMemory(lake, ["ingest", "tasks", source]);
    expect([source, code, /bug in Medallion/.test(stderr)]).toEqual([source, expect.any(Number), false]);
    if (code === 0) expect(stdout).toContain("raw text");
    else expect(stderr).toContain(source);
    note("hostile inputs");
  }
  await succeed(lake, ["run"]);
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
