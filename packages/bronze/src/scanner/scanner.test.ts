import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sharedFolder } from "../testing/shared.ts";
import { nearlyJson } from "../testing/texts.ts";
import { hasByteOrderMark, skipWhiteSpace } from "./bytes.ts";
import { JsonScanner } from "./scanner.ts";

/** Whether the bytes are exactly one JSON text. */
function isJson(bytes: Buffer, nesting = 512): boolean {
  const scanner = new JsonScanner(nesting);
  const start = skipWhiteSpace(bytes, hasByteOrderMark(bytes, 0, bytes.length) ? 3 : 0, bytes.length);
  scanner.begin(start, 1, 0);
  const whole = scanner.scan(bytes, bytes.length, true) === "whole";
  return whole && skipWhiteSpace(bytes, scanner.at, bytes.length) === bytes.length;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function scanned(text: string): JsonScanner {
  const scanner = new JsonScanner(512);
  const bytes = Buffer.from(text);
  scanner.begin(0, 1, 0);
  scanner.scan(bytes, bytes.length, true);
  return scanner;
}

describe("JsonScanner", () => {
  it("agrees with JSON.parse on what is well-formed", () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        fc.pre(!text.startsWith("\ufeff") && !/\\ud[89a-f]/i.test(text));
        expect(isJson(Buffer.from(text))).toBe(parses(text));
      }),
      { numRuns: 5000 },
    );
  });

  it("agrees with a strict decoder on which strings are UTF-8", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    const lead = fc.constantFrom(0x41, 0x80, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5);
    fc.assert(
      fc.property(fc.array(lead, { maxLength: 6 }), (content) => {
        const bytes = Buffer.concat([Buffer.from('"'), Buffer.from(content), Buffer.from('"')]);
        let valid = true;
        try {
          decoder.decode(bytes);
        } catch {
          valid = false;
        }
        expect(isJson(bytes)).toBe(valid);
      }),
      { numRuns: 5000 },
    );
  });

  it("comes to the same end however the bytes arrive", () => {
    fc.assert(
      fc.property(nearlyJson, fc.array(fc.nat({ max: 9 }), { minLength: 1 }), (text, steps) => {
        const bytes = Buffer.from(text.trimStart());
        const once = new JsonScanner(512);
        once.begin(0, 1, 0);
        const outcome = once.scan(bytes, bytes.length, true);
        const pieces = new JsonScanner(512);
        pieces.begin(0, 1, 0);
        let end = 0;
        let last = pieces.scan(bytes, end, bytes.length === 0);
        for (let step = 0; last === "cut"; step++) {
          const final = end === bytes.length;
          end = Math.min(end + (steps[step % steps.length] ?? 0) + (step > 1000 ? 1 : 0), bytes.length);
          last = pieces.scan(bytes, end, final);
        }
        const facts = ({ at, line, lineStart, expected, spread, reserved, wrapperOnly }: JsonScanner) => [
          at,
          line,
          lineStart,
          expected,
          spread,
          reserved,
          wrapperOnly,
        ];
        expect([last, facts(pieces)]).toEqual([outcome, facts(once)]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"', '"\\ud800x"', '"\\ud800\\n"', '"\\ud83d\\ude0"'])(
    "refuses %s: half of a surrogate pair is no character",
    (text) => {
      expect(isJson(Buffer.from(text))).toBe(false);
      expect(isJson(Buffer.from('"\\ud83d\\ude00"'))).toBe(true);
    },
  );

  it("refuses nesting beyond the limit and says so", () => {
    expect(isJson(Buffer.from(`${"[".repeat(512)}${"]".repeat(512)}`))).toBe(true);
    const deep = scanned("[".repeat(513));
    expect(deep.tooDeep).toBe(true);
    expect(deep.at).toBe(512);
    expect(deep.expected).toBe("nesting of at most 512 levels");
  });

  it("says where it failed and what it expected", () => {
    const scanner = scanned('{\n"a": 1,\n"b" 2}');
    expect(scanner).toMatchObject({ at: 14, line: 3, lineStart: 10, expected: 'a ":" after the key' });
  });

  it.each([
    ['{"layer":1}', true],
    ['{"a":1,"l\\u0061yer":1}', true],
    ['{"ingested_at":1}', true],
    ['{"\\u0073ource_file":null}', true],
    ['{"a":{"layer":1}}', false],
    ['{"a":"layer"}', false],
    ['{"Layer":1,"layer ":2,"laye":3,"layers":4}', false],
  ])("knows the keys that bronze adds in %s", (text, reserved) => {
    expect(scanned(text).reserved).toBe(reserved);
  });

  it.each([
    ['{"raw":1}', true],
    ['{"r\\u0061w":1}', true],
    ['{"raw_base64":"","raw_error":""}', true],
    ['{"raw":1,"a":2}', false],
    ['{"a":{"raw":1}}', false],
    ["{}", false],
  ])("knows that %s looks like a wrapper: %s", (text, wrapperOnly) => {
    expect(scanned(text).wrapperOnly).toBe(wrapperOnly);
  });

  const conformance = sharedFolder("adversarial/json-parsing");
  describe.skipIf(conformance.missing)("over the conformance files", () => {
    const names = conformance.missing ? [] : readdirSync(conformance.path).filter((name) => name.endsWith(".json"));
    it.each(names.filter((name) => name.startsWith("y_")))("accepts %s", (name) => {
      expect(isJson(readFileSync(join(conformance.path, name)))).toBe(true);
    });
    it.each(names.filter((name) => name.startsWith("n_")))("refuses %s", (name) => {
      expect(isJson(readFileSync(join(conformance.path, name)))).toBe(false);
    });
    it.each(names.filter((name) => name.startsWith("i_")))("comes to a verdict on %s", (name) => {
      expect([true, false]).toContain(isJson(readFileSync(join(conformance.path, name))));
    });
  });
});
