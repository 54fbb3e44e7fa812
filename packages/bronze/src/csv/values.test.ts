import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonScanner } from "../scanner/scanner.ts";
import { jsonOf, needsNoEscape } from "./values.ts";

it("writes a string as JSON.stringify does, with and without a look at what needs an escape", () => {
  const unit = fc.oneof(
    fc.string({ unit: "binary", maxLength: 1 }),
    fc.constantFrom(...'"\\ !#[]\u0000\n\r\u001f\u007f\u2028\uffff'),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
      const cell = units.join("");
      const text = JSON.stringify(cell);
      expect(needsNoEscape(cell)).toBe(text === `"${cell}"`);
      expect(jsonOf(cell, "text", needsNoEscape(cell), new JsonScanner(1))).toBe(text);
    }),
    { numRuns: 2000 },
  );
});
