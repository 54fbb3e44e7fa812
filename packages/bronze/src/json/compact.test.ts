import fc from "fast-check";
import { expect, it } from "vitest";
import { compactInto } from "./compact.ts";

it("leaves what JSON.stringify writes without indentation", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(" ", "\t", 3), (value, indentation) => {
      const spread = Buffer.from(JSON.stringify(value, null, indentation).replaceAll("\n", "\r\n"));
      const target = Buffer.alloc(spread.length);
      const end = compactInto(spread, 0, spread.length, target, 0);
      expect(target.toString("utf8", 0, end)).toBe(JSON.stringify(value));
    }),
  );
});

it("keeps white space, quotes and backslashes inside strings, and the spelling of numbers", () => {
  const text = Buffer.from(
    '{ "a \\" b" : " \\\\" ,\n "n" : [ 1.0 , -0e+00 , 1234567890123456789012345678901234567890 ] }',
  );
  const target = Buffer.alloc(text.length);
  const end = compactInto(text, 0, text.length, target, 0);
  expect(target.toString("utf8", 0, end)).toBe(
    '{"a \\" b":" \\\\","n":[1.0,-0e+00,1234567890123456789012345678901234567890]}',
  );
});
