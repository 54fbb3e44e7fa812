import fc from "fast-check";
import { expect, it } from "vitest";
import { Block } from "./block.ts";
import { IngestionClock } from "./clock.ts";
import { LineWriter } from "./line.ts";

const MIDNIGHT = (Date.UTC(2025, 10, 27, 23) * 1_000_000) / 1000;
const DAYS = ["20251127", "20251128"];

/** The lines as they are written before and after midnight in Berlin, each by itself or many at once. */
function written(
  lines: readonly string[],
  source: string | null,
  micros: number,
  separator: string,
  together: boolean,
): string[] {
  const clock = new IngestionClock("Europe/Berlin", () => MIDNIGHT - micros);
  const writer = new LineWriter(clock, source);
  const blocks = new Map(DAYS.map((day) => [day, new Block(day, null, Buffer.alloc(1))]));
  const bytes = Buffer.from(`\n${lines.map((line) => `${line}${separator}`).join("")}`);
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? 1) + Buffer.byteLength(line) + separator.length);
  for (let next = 0; next < lines.length; ) {
    clock.tick();
    const block = blocks.get(clock.day);
    if (block === undefined) throw new Error(`a line of ${clock.day}`);
    if (together) next += writer.objects(block, { bytes, start: 1, ends, separator: separator.length }, next);
    else {
      writer.object(block, bytes, ends[next - 1] ?? 1, (ends[next] ?? 0) - separator.length, false);
      next++;
    }
  }
  return [...blocks.values()].map((block) => `${block.lines} ${block.bytes.toString("utf8", 1, block.length)}`);
}

it("writes many lines as it writes each of them, over the end of a second and of a day", () => {
  const line = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }).map((value) => JSON.stringify(value));
  const source = fc.option(fc.oneof(fc.string({ unit: "binary" }), fc.constant("a/$&$1$$/é😀.jsonl")));
  fc.assert(
    fc.property(
      fc.array(line),
      source,
      fc.oneof(fc.nat({ max: 12 }), fc.constant(899_998)),
      fc.constantFrom("\n", "\r\n", ",\r\n"),
      (lines, sourceFile, micros, separator) => {
        const together = written(lines, sourceFile, micros, separator, true);
        expect(together).toEqual(written(lines, sourceFile, micros, separator, false));
      },
    ),
    { numRuns: 300 },
  );
});
