import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Disk } from "../testing/disk.ts";
import { breakFiles, systemError } from "../testing/faults.ts";
import { FILE, linesOf, temporaryLake } from "../testing/lake.ts";
import { Block } from "./block.ts";
import { BlockWriter, type Fate } from "./block-writer.ts";

/** A block of these lines. */
function blockOf(...lines: string[]): Block {
  const text = lines.map((line) => `${line}\n`).join("");
  const block = new Block("20251127", null, Buffer.alloc(1 + text.length));
  block.length += block.bytes.write(text, 1);
  block.lines = lines.length;
  return block;
}

/** The lines of a block that are kept, and those that are not. */
function linesBy({ block, kept }: Fate): { kept: string[]; lost: string[] } {
  const split = (from: number, to: number) => block.bytes.toString("utf8", from, to).split("\n").slice(0, -1);
  return { kept: split(1, kept), lost: split(kept, block.length) };
}

/** A writer to a file of a new lake, and the fates of its blocks so far: `+` before a line that is kept, `-` before another one. */
async function openWriter() {
  const lake = await temporaryLake();
  const fates: string[] = [];
  const writer = new BlockWriter(lake, (fate) => {
    const { kept, lost } = linesBy(fate);
    fates.push(...kept.map((line) => `+${line}`), ...lost.map((line) => `-${line}`));
  });
  await writer.turnTo(FILE);
  return { lake, writer, fates };
}

/** Lets each sync wait for its turn to come: `end` ends the one that began first, well or with an error. */
async function holdSyncs() {
  const held: ((error: Error | null) => void)[] = [];
  await breakFiles("datasync", () => new Promise((resolve) => held.push(resolve)));
  return {
    held,
    async end(error: Error | null = null) {
      await vi.waitFor(() => expect(held).toHaveLength(1));
      held.shift()?.(error);
    },
  };
}

const EIO = systemError("EIO");
const ENOSPC = systemError("ENOSPC");

describe("blocks", () => {
  it("are written while those before are synced, and have their fates only when they are synced themselves", async () => {
    const { lake, writer, fates } = await openWriter();
    const syncs = await holdSyncs();
    await writer.write([blockOf("a")]);
    await writer.write([blockOf("b", "c")]);
    await writer.write([blockOf("d")]);
    expect([syncs.held.length, fates]).toEqual([1, []]);
    expect(await readFile(join(lake.root, FILE), "utf8")).toBe("a\nb\nc\nd\n");
    await syncs.end();
    await vi.waitFor(() => expect(fates).toEqual(["+a"]));
    const closed = writer.close();
    await syncs.end();
    await closed;
    expect([fates, writer.failure]).toEqual([["+a", "+b", "+c", "+d"], null]);
  });

  it("fall with a sync that fails when they were written before it ended", async () => {
    const { writer, fates } = await openWriter();
    const syncs = await holdSyncs();
    await writer.write([blockOf("a")]);
    await writer.write([blockOf("b")]);
    await syncs.end();
    await vi.waitFor(() => expect(fates).toEqual(["+a"]));
    await writer.write([blockOf("c", "d")]);
    await syncs.end(EIO);
    await vi.waitFor(() => expect(fates).toEqual(["+a", "-b", "-c", "-d"]));
    expect(writer.failure?.message).toMatch(
      "Expected to append 3 records to bronze/raw-tasks/20251127.jsonl; 0 are on disk, 3",
    );
    expect(writer.failure).toMatchObject({
      code: "APPEND_FAILED",
      facts: { file: FILE, code: "EIO", kept: 0, lost: 3 },
    });
    await writer.write([blockOf("e")]);
    await syncs.end();
    await writer.close();
    expect(fates).toEqual(["+a", "-b", "-c", "-d", "+e"]);
  });

  it("fall with a sync that fails while they are being written, and those behind them are not written", async () => {
    const { lake, writer, fates } = await openWriter();
    const syncs = await holdSyncs();
    const held: (() => void)[] = [];
    await breakFiles("write", (call) => {
      if (call === 0) return null;
      return new Promise((resolve) => held.push(() => resolve(null)));
    });
    await writer.write([blockOf("a")]);
    const written = writer.write([blockOf("b"), blockOf("c")]);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    await syncs.end(EIO);
    await writer.syncing;
    expect(fates).toEqual([]);
    held[0]?.();
    await written;
    expect(fates).toEqual(["-a", "-b", "-c"]);
    expect(await linesOf(lake, FILE)).toEqual(["a", "b"]);
    await writer.close();
  });

  it.each([
    [
      "all that was written is kept where the syncs go well",
      [null, null, null],
      ["+a", "+b", "+c", "-d", "-e"],
      "ENOSPC",
    ],
    ["nothing is where the sync under way fails", [EIO], ["-a", "-b", "-c", "-d", "-e"], "EIO"],
    ["where a later one fails, what was synced before is", [null, EIO], ["+a", "-b", "-c", "-d", "-e"], "EIO"],
    [
      "where that of the cut block fails, those before it are",
      [null, null, EIO],
      ["+a", "+b", "-c", "-d", "-e"],
      "EIO",
    ],
  ])("can be cut by a full disk: %s", async (_, outcomes, expected, code) => {
    const { writer, fates } = await openWriter();
    const syncs = await holdSyncs();
    let calls = 0;
    await breakFiles("write", (call) => {
      calls = call + 1;
      return [null, null, 2, ENOSPC][call] ?? null;
    });
    await writer.write([blockOf("a")]);
    const written = writer.write([blockOf("b"), blockOf("c", "d"), blockOf("e")]);
    await vi.waitFor(() => expect(calls).toBe(4));
    for (const outcome of outcomes) await syncs.end(outcome);
    await written;
    expect([fates, syncs.held.length, writer.syncing]).toEqual([expected, 0, null]);
    const kept = expected.filter((fate) => fate.startsWith("+")).length;
    expect(writer.failure).toMatchObject({ code: "APPEND_FAILED", facts: { code, kept, lost: 5 - kept } });
    await writer.close();
  });

  it("of another file wait for those of the one before, and do not fall with them", async () => {
    const { lake, writer, fates } = await openWriter();
    const syncs = await holdSyncs();
    await writer.write([blockOf("a")]);
    const next = "bronze/raw-tasks/20251128.jsonl";
    const turned = writer.turnTo(next).then(() => writer.write([blockOf("b")]));
    await syncs.end(EIO);
    await turned;
    expect(fates).toEqual(["-a"]);
    await syncs.end();
    await writer.close();
    expect(fates).toEqual(["-a", "+b"]);
    expect(await linesOf(lake, next)).toEqual(["b"]);
  });
});

const turns = fc.nat(4);
const writes = fc.array(
  fc.record({ turns, outcome: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, fc.constant(ENOSPC), fc.nat(20)) }),
);
const syncs = fc.array(
  fc.record({ turns: fc.nat(12), outcome: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.constant(EIO)) }),
);
const groups = fc.array(
  fc.record({
    file: fc.nat(1),
    pause: turns,
    blocks: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 8 },
);

it("whatever fails, and when: each line has one fate, in order, and none is called kept that is not on disk", async () => {
  const lake = await temporaryLake();
  const disk = new Disk();
  await disk.watch();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(groups, fc.record({ writes, syncs }), async (plan, faults) => {
      disk.begin(faults);
      run++;
      const given: string[] = [];
      const settled: string[] = [];
      const writer = new BlockWriter(lake, (fate) => {
        const { kept, lost } = linesBy(fate);
        expect(kept.filter((line) => !disk.holds(line))).toEqual([]);
        expect(fate.error === null).toBe(lost.length === 0);
        settled.push(...kept, ...lost);
      });
      for (const { file, pause, blocks } of plan) {
        const group = blocks.map((lines) => {
          const texts = Array.from({ length: lines }, (_, n) => `line ${given.length + n}`);
          given.push(...texts);
          return blockOf(...texts);
        });
        await writer.turnTo(`bronze/run-${run}/2025112${file}.jsonl`);
        await writer.write(group);
        for (let turn = 0; turn < pause; turn++) await setImmediate();
      }
      await writer.close();
      expect(settled).toEqual(given);
    }),
  );
  expect(disk.mostSyncs).toBe(1);
});
