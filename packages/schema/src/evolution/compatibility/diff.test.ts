import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tasks } from "../../datasets/tasks.ts";
import { recordJsonSchema } from "../../json-schema.ts";
import { diffJsonSchemas } from "./diff.ts";

const text = { type: "string" };
const record = (properties: object, required: readonly string[] = []) => ({ type: "object", properties, required });

describe("diffJsonSchemas", () => {
  it.each<[string, object, object, string]>([
    ["nothing", record({ a: text }), { ...record({ a: { ...text, description: "x" } }), title: "t" }, "full"],
    ["an optional field more", record({ a: text }), record({ a: text, b: text }), "forward"],
    ["a field named title", record({ title: text }), record({ title: { type: "number" } }), "none"],
    ["a required field more", record({ a: text }), record({ a: text }, ["a"]), "forward"],
    ["a required field less", record({ a: text }, ["a"]), record({ a: text }), "backward"],
    ["null more", record({ a: text }), record({ a: { anyOf: [text, { type: "null" }] } }), "backward"],
    [
      "a type list",
      record({ a: { type: ["string", "null"] } }),
      record({ a: { anyOf: [text, { type: "null" }] } }),
      "full",
    ],
    ["whole numbers to numbers", { type: "integer" }, { type: "number" }, "backward"],
    ["a value more", { enum: ["a"] }, { enum: ["b", "a"] }, "backward"],
    ["another value", { const: "a" }, { const: "b" }, "none"],
    ["a lower minimum", { type: "number", minimum: 2 }, { type: "number", minimum: 1 }, "backward"],
    ["a shorter text", { ...text, maxLength: 5 }, { ...text, maxLength: 4 }, "forward"],
    ["a pattern", text, { ...text, pattern: "^a" }, "forward"],
    ["a reference", { $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }, "none"],
    ["closed", record({ a: text }), { ...record({ a: text }), additionalProperties: false }, "forward"],
    [
      "closed with more",
      { ...record({}), additionalProperties: false },
      { ...record({ a: text }), additionalProperties: false },
      "backward",
    ],
    [
      "patterns of names",
      { patternProperties: { "^a": text } },
      { patternProperties: { "^a": text }, properties: { a: text } },
      "none",
    ],
  ])("says what %s means", (_, before, after, expected) => {
    const diff = diffJsonSchemas({ ...before }, { ...after });
    expect(diff.compatibility).toBe(expected);
    expect(diff.changes.length === 0).toBe(expected === "full");
  });

  it("finds what became wider in a contract with fall-backs", () => {
    const before = recordJsonSchema(tasks);
    const properties = { ...Object(before.properties), master: {} };
    const { changes, compatibility } = diffJsonSchemas(before, { ...before, properties });
    expect(compatibility).toBe("backward");
    expect(changes.map(({ path }) => path)).toEqual(["/properties/master"]);
  });

  it("never calls compatible what is not", () => {
    const scalar = fc.oneof(
      fc.record({ type: fc.constantFrom("string", "number", "integer", "null", "boolean") }),
      fc.record(
        { type: fc.constant("string"), minLength: fc.nat(3), maxLength: fc.nat(3) },
        { requiredKeys: ["type"] },
      ),
      fc.record(
        { type: fc.constant("number"), minimum: fc.nat(3), exclusiveMaximum: fc.nat(4) },
        { requiredKeys: ["type"] },
      ),
      fc.record({ enum: fc.uniqueArray(fc.constantFrom("a", 1, null), { minLength: 1 }) }),
      fc.record({ const: fc.constantFrom("a", 1, null) }),
      fc.record({ type: fc.uniqueArray(fc.constantFrom("string", "number", "null"), { minLength: 1 }) }),
      fc.constant({}),
    );
    const alternatives = fc.oneof(scalar, fc.record({ anyOf: fc.array(scalar, { minLength: 1, maxLength: 3 }) }));
    const schema = fc.oneof(
      alternatives,
      fc.record(
        {
          type: fc.constant("object"),
          properties: fc.dictionary(fc.constantFrom("a", "b", "title"), alternatives, { noNullPrototype: true }),
          required: fc.uniqueArray(fc.constantFrom("a", "b", "title")),
          additionalProperties: fc.oneof(fc.boolean(), alternatives),
          allOf: fc.array(fc.record({ properties: fc.record({ a: alternatives }) }), { minLength: 1, maxLength: 2 }),
        },
        { requiredKeys: [] },
      ),
    );
    const leaf = fc.constantFrom("", "a", "abc", "abcd", 0, 1, 2.5, 3, null, true);
    const value = fc.oneof(
      leaf,
      fc.dictionary(fc.constantFrom("a", "b", "title", "c"), leaf, { noNullPrototype: true }),
    );
    const ajv = new Ajv2020({ strict: false });
    fc.assert(
      fc.property(schema, schema, fc.array(value, { minLength: 5, maxLength: 20 }), (before, after, values) => {
        const { compatibility } = diffJsonSchemas(before, after);
        const [old, now] = [ajv.compile(before), ajv.compile(after)];
        for (const item of values) {
          if (compatibility === "full" || compatibility === "backward") expect(!old(item) || now(item)).toBe(true);
          if (compatibility === "full" || compatibility === "forward") expect(!now(item) || old(item)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
