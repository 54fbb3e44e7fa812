import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedFolder } from "../testing/shared.ts";
import { lineTexts } from "../testing/texts.ts";
import { ObjectLineFinder, type Separator } from "./object-lines.ts";
import { JsonScanner } from "./scanner.ts";

/** The lines that are found at the start of the bytes. */
function found(bytes: Buffer): string[] {
  const lines = new ObjectLineFinder().find(bytes, 0, bytes.length, 0);
  return lines?.ends.map((end, index) => bytes.toString("latin1", lines.ends[index - 1] ?? 0, end)) ?? [];
}

/** The lines at the start of the bytes that the scanner finds to be objects which bronze keeps as they are. */
function scanned(bytes: Buffer): string[] {
  const lines: string[] = [];
  const scanner = new JsonScanner(512);
  for (let start = 0; ; ) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0) return lines;
    scanner.begin(start, 1, 0);
    const textEnd = bytes[end - 1] === 0x0d ? end - 1 : end;
    const isWhole = scanner.scan(bytes, end, true) === "whole" && scanner.at === textEnd;
    const text = bytes.toString("latin1", start, textEnd);
    const isKept = /^\{.*[^{ \t]\}$/s.test(text) && !scanner.reserved && !scanner.wrapperOnly && !scanner.spread;
    if (!isWhole || !isKept) return lines;
    lines.push(bytes.toString("latin1", start, end + 1));
    start = end + 1;
  }
}

function expectNoMoreThanScanned(bytes: Buffer): void {
  const lines = found(bytes);
  expect(lines).toEqual(scanned(bytes).slice(0, lines.length));
}

const lineEnd = fc.constantFrom("\n", "\r\n");
const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { minKeys: 1 }));

describe("ObjectLineFinder", () => {
  it("finds nothing that the scanner would not find", () => {
    fc.assert(
      fc.property(lineTexts, lineEnd, (texts, end) => expectNoMoreThanScanned(Buffer.from(texts.join(end)))),
      { numRuns: 3000 },
    );
  });

  it("finds nothing in changed bytes that the scanner would not find", () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
    fc.assert(
      fc.property(lineTexts, lineEnd, edits, (texts, end, places) => {
        const bytes = Buffer.from(`${texts.join(end)}${end}`);
        for (const [place, byte] of places) bytes[place % bytes.length] = byte;
        expectNoMoreThanScanned(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("finds all that JSON.stringify writes, to a depth of four", () => {
    fc.assert(
      fc.property(objects, lineEnd, (values, end) => {
        const ordinary = values.filter(
          (value) => !/[\\]|"(ingested_at|layer|source_file|raw\w*)":/.test(JSON.stringify(value)),
        );
        const texts = ordinary.map((value) => `${JSON.stringify(value)}${end}`);
        expect(found(Buffer.from(texts.join("")))).toEqual(texts.map((text) => Buffer.from(text).toString("latin1")));
      }),
    );
  });

  it.each([
    '{"a":1}',
    '{"a": -0.5e+3, "b": [1, 2], "": {"c": null}}',
    '{"a":[[[]]],"b":{"c":{"d":{}}}}',
    '{"a":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD7ff\\ue000","é😀":"é😀\u007f"}',
    '{"a":{"layer":1,"raw":2},"layers":3,"rawe":4}',
    '{"a":1}\r',
  ])("finds %s", (text) => {
    expect(found(Buffer.from(`${text}\n`))).toHaveLength(1);
  });

  it.each([
    "{}",
    "[]",
    "1",
    "",
    '{"a":1} ',
    ' {"a":1}',
    '{"a":1 }',
    '{"a":1}\r\r',
    '{"a":1} \r',
    '{"a":1}{"b":2}',
    '{"a":01}',
    '{"a":1,}',
    '{"a":[1,]}',
    '{"a":[,1]}',
    '{"a":"\t"}',
    '{"a":"\\ud83d\\ude00"}',
    '{"\\u0061":1}',
    '{"a":[[[[]]]]}',
    '{"a":1,"layer":2}',
    '{"ingested_at":1}',
    '{"source_file":1}',
    '{"raw":1}',
    '{"raw_base64":"","b":1}',
    '{"a":1,"raw_error":""}',
  ])("leaves %j to the scanner", (text) => {
    expect(found(Buffer.from(`${text}\n`))).toEqual([]);
  });

  it("leaves lines that are not UTF-8, not whole, or very long", () => {
    expect(found(Buffer.from('{"a":"\xff"}\n', "latin1"))).toEqual([]);
    expect(found(Buffer.from('{"a":1}'))).toEqual([]);
    expect(found(Buffer.from(`{"a":"${"x".repeat(70_000)}"}\n`))).toEqual([]);
  });

  it("goes on behind lines that it left", () => {
    const bytes = Buffer.from('{"a":1}\n{"b":2}\n[]\n{"c":3}\n{"d":4');
    const finder = new ObjectLineFinder();
    expect(finder.find(bytes, 0, bytes.length, 100)).toEqual({ bytes, start: 0, ends: [8, 16], separator: 1 });
    expect(finder.find(bytes, 16, bytes.length, 100)).toBeNull();
    expect(finder.find(bytes, 19, bytes.length, 100)).toEqual({ bytes, start: 19, ends: [27], separator: 1 });
    expect(finder.find(bytes, 27, bytes.length, 100)).toBeNull();
  });

  it("leaves the rest of a piece of which many lines are not ordinary", () => {
    const bytes = Buffer.from("[]\n".repeat(10) + '{"a":1}\n'.repeat(20_000));
    const finder = new ObjectLineFinder();
    const find = (start: number) => finder.find(bytes, start, bytes.length, 0);
    for (let line = 0; line < 10; line++) expect(find(3 * line)).toBeNull();
    expect(find(30)).toBeNull();
    expect(find(30 + 8 * 10_000)?.start).toBe(30 + 8 * 10_000);
  });

  it("finds the members of an array but for the last, and looks for one separator in each piece", () => {
    const bytes = Buffer.from(
      `[{"a":1}, {"b":2}, {"c":3},{"d":4},{"e":[{},{}]},{"f":"${",".repeat(70_000)}"},{"g":7},{"h":8}]`,
    );
    const end = bytes.length;
    const finder = new ObjectLineFinder();
    const find = (member: string, separator: Separator) => {
      const start = bytes.indexOf(member);
      const objects = finder.findMembers(bytes, start, end, 100, separator);
      return (
        objects?.ends.map((next, index) => bytes.toString("latin1", objects.ends[index - 1] ?? start, next)) ?? null
      );
    };
    expect(find('{"a"', ", ")).toEqual(['{"a":1}, ', '{"b":2}, ']);
    expect(find('{"c"', ", ")).toBeNull();
    expect(find('{"d"', ",")).toBeNull();
    expect(find('{"f"', ",")).toBeNull();
    expect(find('{"g"', ",")).toEqual(['{"g":7},']);
    expect(find('{"h"', ",")).toBeNull();
  });

  const LENGTH = 60_000;
  it.each(['"', "1", "1,", '"",', "[", "[[[],", '{"":', "\\\\", "\\u0000", "1e1.", "{}", " ", "é"])(
    "needs no more than time in proportion for %j over and over",
    (piece) => {
      for (const start of ['{"a":"', '{"a":[', '{"a":{"b":', '{"a":1']) {
        const text = start + piece.repeat(LENGTH / piece.length);
        const began = process.cpuUsage();
        for (const end of ["", '"', "]}", '"]}', '"}x']) found(Buffer.from(`${text}${end}\n`));
        expect(process.cpuUsage(began).user).toBeLessThan(500_000);
      }
    },
  );

  const conformance = sharedFolder("adversarial/json-parsing");
  it.skipIf(conformance.missing)("finds nothing in the conformance files that the scanner would not find", () => {
    for (const name of readdirSync(conformance.path)) {
      const text = readFileSync(join(conformance.path, name));
      expectNoMoreThanScanned(Buffer.concat([text, Buffer.from("\n")]));
      expectNoMoreThanScanned(Buffer.concat([Buffer.from('{"a":'), text, Buffer.from("}\n")]));
    }
  });
});
