import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type Dataset, defineDataset } from "./contract/dataset.ts";
import { checkRecord } from "./contract/verdict.ts";
import { metrics } from "./datasets/metrics.ts";
import { TASK_STATUSES, tasks } from "./datasets/tasks.ts";
import { isoInstant } from "./instant.ts";
import { recordJsonSchema, toJsonSchema } from "./json-schema.ts";
import { isNumericText, NUMERIC_TEXT_PATTERN } from "./numeric.ts";
import { compilableSchemas, jsonValues } from "./testing/arbitraries.ts";

const ajv = new Ajv2020({ ownProperties: true, strictTypes: false, strictRequired: false });
const validator = (schema: object) => ajv.compile(schema);

/** Whether every field that the record has is what the data set asks for, and none is missing. */
function isFlawless(dataset: Dataset, value: unknown): boolean {
  const verdict = checkRecord(dataset, value);
  return verdict.ok && verdict.warnings.every(({ rule }) => !rule.endsWith(".valid"));
}

/** Whether there is text in a value that spells a number beyond the range of doubles. */
function hasInfiniteText(value: unknown): boolean {
  if (typeof value === "string") return new RegExp(NUMERIC_TEXT_PATTERN).test(value) && !isNumericText(value);
  return typeof value === "object" && value !== null && Object.values(value).some(hasInfiniteText);
}

describe("recordJsonSchema", () => {
  it("accepts just those tasks in which checkRecord finds nothing wrong", () => {
    const instants = fc.constantFrom(
      "2025-11-27T10:00:00Z",
      "2025-11-27T10:00:00.5+0100",
      "2025-11-27",
      "soon",
      null,
      5,
    );
    const texts = fc.oneof(fc.constantFrom("", "a", ...TASK_STATUSES), fc.constant(null), jsonValues);
    const record = fc.record(
      {
        ...{ task_id: texts, id: texts, status: texts, master: texts, assigned_to: texts, type: texts, title: texts },
        ...{ description: texts, timestamp: instants, created_at: instants, started_at: instants },
        ...{ completed_at: instants, updated_at: instants, ingested_at: instants },
        ...{ priority: jsonValues, error: jsonValues, more: jsonValues },
      },
      { requiredKeys: [] },
    );
    const likely = fc.record(
      {
        ...{ task_id: fc.constantFrom("a", null), id: fc.constant("b"), status: fc.constant("queued"), type: texts },
        ...{ timestamp: instants, updated_at: instants, created_at: instants, assigned_to: texts, master: texts },
      },
      { requiredKeys: ["status"] },
    );
    const accepts = validator(recordJsonSchema(tasks));
    fc.assert(
      fc.property(fc.oneof(record, likely, jsonValues), (value) => {
        expect(accepts(value)).toBe(isFlawless(tasks, value));
      }),
      { numRuns: 5000 },
    );
  });

  it("accepts just those records of any data set in which checkRecord finds nothing wrong", () => {
    const field = fc.option(jsonValues, { nil: undefined });
    fc.assert(
      fc.property(compilableSchemas({ nulls: true }), field, field, (schema, f, g) => {
        const dataset = defineDataset({
          name: "d",
          version: "1.0.0",
          folders: { bronze: "raw", silver: "clean" },
          record: z.object({ id: z.string(), at: isoInstant(), f: schema, constructor: schema }),
          key: ["id"],
          time: "at",
          fallbacks: { constructor: ["g"] },
        });
        const value: unknown = JSON.parse(JSON.stringify({ id: "1", at: "2025-11-27T10:00:00Z", f, g }));
        fc.pre(!hasInfiniteText(value));
        expect(validator(recordJsonSchema(dataset))(value)).toBe(isFlawless(dataset, value));
      }),
      { numRuns: 150 },
    );
  });

  it("differs from checkRecord in what no pattern can tell: the calendar, and text of a number beyond doubles", () => {
    const task = { task_id: "a", status: "queued", timestamp: "2025-02-30T00:00:00Z" };
    expect(validator(recordJsonSchema(tasks))(task)).toBe(true);
    expect(checkRecord(tasks, task).ok).toBe(false);
    const measurement = { metric_name: "load", metric_value: "1e999", timestamp: "2025-11-27T10:00:00Z" };
    expect(hasInfiniteText(measurement)).toBe(true);
    expect(validator(recordJsonSchema(metrics))(measurement)).toBe(true);
    expect(checkRecord(metrics, measurement).ok).toBe(false);
  });

  it("reads as a person would write it", () => {
    const builds = defineDataset({
      name: "builds",
      version: "1.2.0",
      folders: { bronze: "raw-builds", silver: "builds" },
      record: z.object({
        build_id: z.string().min(1).describe("Given by the build server."),
        finished_at: isoInstant(),
        host: z.object({ os: z.string(), cpus: z.int().positive().optional() }).describe("Where it ran.").optional(),
      }),
      key: ["build_id"],
      time: "finished_at",
      fallbacks: { build_id: ["id"] },
    });
    const filled = { type: "string", minLength: 1 };
    const integer = { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    expect(recordJsonSchema(builds)).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      title: "builds 1.2.0",
      type: "object",
      properties: {
        build_id: { description: "Given by the build server.", anyOf: [filled, { type: "null" }] },
        finished_at: { type: "string", pattern: expect.stringMatching(/^\^/) },
        host: {
          description: "Where it ran.",
          anyOf: [
            {
              type: "object",
              properties: {
                os: { type: "string" },
                cpus: { anyOf: [{ ...integer, allOf: [{ exclusiveMinimum: 0 }] }, { type: "null" }] },
              },
              required: ["os"],
            },
            { type: "null" },
          ],
        },
      },
      required: ["finished_at"],
      allOf: [
        {
          anyOf: [
            { properties: { build_id: filled }, required: ["build_id"] },
            { properties: { build_id: { type: "null" }, id: filled }, required: ["id"] },
          ],
        },
      ],
    });
  });
});

describe("toJsonSchema", () => {
  it("writes instants as their pattern", () => {
    const accepts = validator(toJsonSchema(z.strictObject({ at: isoInstant().nullable() })));
    expect(accepts({ at: "2025-11-27T10:00:00Z" })).toBe(true);
    expect(accepts({ at: null })).toBe(true);
    expect(accepts({ at: "soon" })).toBe(false);
    expect(accepts({ at: null, more: 1 })).toBe(false);
  });
});
