import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { skipWhiteSpace } from "../scanner/bytes.ts";
import { JsonScanner } from "../scanner/scanner.ts";
import { bracketLines, nearlyJson } from "../testing/texts.ts";
import type { DocumentVisitor } from "./document-visitor.ts";
import { DocumentReader } from "./documents.ts";
import type { ByteInput } from "./window.ts";

/** Hands out `bytes` in pieces of the sizes given, over and over. */
function inputOf(bytes: Buffer, sizes: readonly number[] = [bytes.length + 1]): ByteInput {
  let at = 0;
  let turn = 0;
  return {
    async read(target, offset, length) {
      const size = Math.max(1, sizes[turn++ % sizes.length] ?? 1);
      const piece = bytes.subarray(at, at + Math.min(size, length));
      target.set(piece, offset);
      at += piece.length;
      return piece.length;
    },
  };
}

type Found = ["document" | "broken", string, number];

async function read(
  bytes: Buffer,
  options: { sizes?: readonly number[]; limits?: Partial<Limits> } = {},
): Promise<Found[]> {
  const found: Found[] = [];
  const visitor: DocumentVisitor = {
    document: (text, start, end, line) => found.push(["document", text.toString("latin1", start, end), line]),
    broken: (text, start, end, line) => found.push(["broken", text.toString("latin1", start, end), line]),
    lines: null,
    ready: () => null,
  };
  const reader = new DocumentReader(inputOf(bytes, options.sizes), 16, visitor, {
    ...DEFAULT_LIMITS,
    ...options.limits,
  });
  while (await reader.read());
  return found;
}

/** The documents of the lines from `start` on, up to the end of the line on which the last one ends; null when one fails. */
function documentsFrom(bytes: Buffer, start: number, line: number, nesting: number) {
  const scanner = new JsonScanner(nesting);
  const documents: Found[] = [];
  let index = start;
  let lineOf = line;
  for (;;) {
    scanner.begin(index, lineOf, 0);
    if (scanner.scan(bytes, bytes.length, true) !== "whole") return null;
    documents.push(["document", bytes.toString("latin1", index, scanner.at), lineOf]);
    lineOf = scanner.line;
    const text = bytes.toString("latin1", index, scanner.at);
    const next = /^[ \t\r]*/.exec(bytes.toString("latin1", scanner.at))?.[0].length ?? 0;
    index = scanner.at + next;
    if (index === bytes.length || bytes[index] === 0x0a) return { documents, end: index + 1, line: lineOf + 1 };
    if (next === 0 && !/["\]}]$/.test(text)) return null;
  }
}

/** The rules of reading, word for word and without a thought for speed. */
function readSlowly(bytes: Buffer, nesting: number): Found[] {
  const found: Found[] = [];
  let start = 0;
  let line = 1;
  while (start < bytes.length) {
    const lineFeed = bytes.indexOf(0x0a, start);
    const lineEnd = lineFeed < 0 ? bytes.length : lineFeed;
    const first = skipWhiteSpace(bytes, start, lineEnd);
    if (first === lineEnd) {
      start = lineEnd + 1;
      line++;
      continue;
    }
    const whole = documentsFrom(bytes, first, line, nesting);
    if (whole === null) {
      found.push(["broken", bytes.toString("latin1", start, lineEnd), line]);
      start = lineEnd + 1;
      line++;
    } else {
      found.push(...whole.documents);
      start = whole.end;
      line = whole.line;
    }
  }
  return found;
}

describe("DocumentReader", () => {
  it.each([
    [
      "one a line",
      '{"a":1}\n{"b":2}\n',
      [
        ["document", '{"a":1}', 1],
        ["document", '{"b":2}', 2],
      ],
    ],
    ["without a last line feed", '{"a":1}', [["document", '{"a":1}', 1]]],
    [
      "two on one line",
      '{"a":1}{} 5\n',
      [
        ["document", '{"a":1}', 1],
        ["document", "{}", 1],
        ["document", "5", 1],
      ],
    ],
    [
      "spread over lines",
      '{\n"a":\n1}\n\n[\n]',
      [
        ["document", '{\n"a":\n1}', 1],
        ["document", "[\n]", 5],
      ],
    ],
    [
      "ends and begins on one line",
      "{\n}{\n}\n",
      [
        ["document", "{\n}", 1],
        ["document", "{\n}", 2],
      ],
    ],
    [
      "something behind a document",
      '{"a":1} x\n{}',
      [
        ["broken", '{"a":1} x', 1],
        ["document", "{}", 2],
      ],
    ],
    [
      "a comma behind a document",
      '{"a":1},\n{}',
      [
        ["broken", '{"a":1},', 1],
        ["document", "{}", 2],
      ],
    ],
    [
      "touching numbers",
      "1-2\ntrue1",
      [
        ["broken", "1-2", 1],
        ["broken", "true1", 2],
      ],
    ],
    [
      "a torn record",
      '{"a":\n{"b":1}\n',
      [
        ["broken", '{"a":', 1],
        ["document", '{"b":1}', 2],
      ],
    ],
    [
      "garbage behind a document that spans lines",
      '{\n"a":1\n} x\n{}',
      [
        ["broken", "{", 1],
        ["broken", '"a":1', 2],
        ["broken", "} x", 3],
        ["document", "{}", 4],
      ],
    ],
    [
      "an array cut off",
      '[\n{"a":1},\n{"b":2}\n',
      [
        ["broken", "[", 1],
        ["broken", '{"a":1},', 2],
        ["document", '{"b":2}', 3],
      ],
    ],
    [
      "a byte order mark",
      "\ufeff{}\n\ufeff{}",
      [
        ["document", "{}", 1],
        ["broken", "\u00ef\u00bb\u00bf{}", 2],
      ],
    ],
    ["nothing", "", []],
    ["only a byte order mark", "\ufeff", []],
    ["blank lines", " \n\t\r\n\n", []],
    [
      "carriage returns",
      '{"a":1}\r\nx\r\n',
      [
        ["document", '{"a":1}', 1],
        ["broken", "x\r", 2],
      ],
    ],
  ])("reads %s", async (_, text, expected) => {
    expect(await read(Buffer.from(text))).toEqual(expected);
    expect(await read(Buffer.from(text), { sizes: [1] })).toEqual(expected);
  });

  it("does what the rules say, however the bytes arrive", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(bracketLines, nearlyJson),
        sizes,
        fc.constantFrom(2, 3, 512),
        async (text, pieces, nesting) => {
          fc.pre(!text.startsWith("\ufeff"));
          const bytes = Buffer.from(text);
          expect(await read(bytes, { sizes: pieces, limits: { nesting } })).toEqual(readSlowly(bytes, nesting));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it.each([
    ["[\n", 300_000],
    ["{\n", 300_000],
    ['{"k":\n', 100_000],
    ["[1,\n", 100_000],
    ["[\n1,\n", 100_000],
    ["{}{\n", 100_000],
    ['{"a":1},\n', 100_000],
  ])("needs no more than time in proportion for %j, %d times", async (line, count) => {
    const bytes = Buffer.from(line.repeat(count));
    let lines = 0;
    const visitor: DocumentVisitor = { document: () => {}, broken: () => void lines++, lines: null, ready: () => null };
    const reader = new DocumentReader(inputOf(bytes, [1 << 20]), 1 << 16, visitor, DEFAULT_LIMITS);
    const before = process.cpuUsage().user;
    while (await reader.read());
    expect(lines).toBeGreaterThan(count * 0.9);
    expect(process.cpuUsage().user - before).toBeLessThan(20e6);
  });

  it("is in proportion for an array of many members that never ends", async () => {
    const bytes = Buffer.from(`[\n${'{"a":1,\n"b":[\n]},\n'.repeat(100_000)}`);
    const found = await read(bytes, { sizes: [1 << 20] });
    expect(found).toHaveLength(1 + 3 * 100_000);
  });

  it("holds no more than the limit of a document, and says where the one beyond it began", async () => {
    const text = `{}\n{"a":"${"x".repeat(100)}"}\n`;
    const refusal = { code: "DOCUMENT_TOO_LARGE", facts: { line: 2, byte: 3, limit: 50 } };
    await expect(read(Buffer.from(text), { limits: { documentBytes: 50 } })).rejects.toMatchObject(refusal);
    await expect(read(Buffer.from(text), { limits: { documentBytes: 50 }, sizes: [7] })).rejects.toMatchObject(refusal);
    expect(await read(Buffer.from(text), { limits: { documentBytes: 110 } })).toHaveLength(2);
  });
});
