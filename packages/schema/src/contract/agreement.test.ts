import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { compilableSchemas, jsonValues } from "../testing/arbitraries.ts";
import { fitsField } from "../testing/fits.ts";
import { compileField } from "./compile.ts";
import { defineDataset } from "./dataset.ts";
import { requiredRule, validRule } from "./rules.ts";
import { checkRecord } from "./verdict.ts";

const options = { numRuns: 500 };

function hasNull(value: unknown): boolean {
  return typeof value === "object" ? value === null || Object.values(value).some(hasNull) : false;
}

/** The value in objects without a prototype, as zod would read an inherited member such as `constructor`. */
function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.setPrototypeOf(member, null)
      : member,
  );
}

describe("zod and the compiled check", () => {
  it("agree on every value without null", () => {
    const values = fc.array(
      jsonValues.filter((value) => !hasNull(value)),
      { minLength: 10, maxLength: 10 },
    );
    fc.assert(
      fc.property(compilableSchemas({ nulls: false }), values, (schema, several) => {
        const compiled = compileField("d", "f", schema);
        for (const value of several) {
          expect(fitsField(compiled, value), JSON.stringify(value)).toBe(z.safeParse(schema, bare(value)).success);
        }
      }),
      options,
    );
  });

  it("agree by way of checkRecord on every value, with null for absent", () => {
    const values = fc.array(fc.option(jsonValues, { nil: undefined }), { minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(compilableSchemas({ nulls: true }), values, (schema, several) => {
        const dataset = defineDataset({
          name: "d",
          version: "1.0.0",
          folders: { bronze: "raw", silver: "clean" },
          record: z.object({ id: z.string(), at: isoInstant(), f: schema }),
          key: ["id"],
          time: "at",
        });
        const compiled = compileField("d", "f", schema);
        for (const value of several) {
          const verdict = checkRecord(dataset, { id: "1", at: "2025-11-27T10:00:00Z", f: value });
          const broken = [...(verdict.ok ? [] : verdict.violations), ...verdict.warnings].map(({ rule }) => rule);
          const rule = value === undefined || value === null ? requiredRule("f") : validRule("f");
          expect(broken, JSON.stringify(value)).toEqual(fitsField(compiled, value) ? [] : [rule]);
          expect(verdict.ok).toBe(broken.length === 0 || !compiled.required);
        }
      }),
      options,
    );
  });
});
