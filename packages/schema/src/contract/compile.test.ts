import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SchemaError } from "../errors.ts";
import { isoInstant } from "../instant.ts";
import { isIsoInstant } from "../instant-text.ts";
import { compileField } from "./compile.ts";
import type { FieldCheck } from "./field-check.ts";

const anyString: FieldCheck = { kind: "string", minLength: 0, maxLength: null };
const anyNumber: FieldCheck = { kind: "number", integer: false, bounds: [] };
const integer: FieldCheck = { kind: "number", integer: true, bounds: [] };

const supported: readonly (readonly [string, z.ZodType, FieldCheck, "required" | "optional"])[] = [
  ["string", z.string(), anyString, "required"],
  ["string lengths", z.string().min(2).max(9).min(1).max(5), { ...anyString, minLength: 2, maxLength: 5 }, "required"],
  ["string length", z.string().length(3), { ...anyString, minLength: 3, maxLength: 3 }, "required"],
  ["nonempty", z.string().nonempty(), { ...anyString, minLength: 1 }, "required"],
  ["branded", z.string().brand("Id"), anyString, "required"],
  ["described", z.string().describe("words").meta({ title: "T" }), anyString, "required"],
  ["readonly", z.string().readonly(), anyString, "required"],
  ["optional", z.string().optional(), anyString, "optional"],
  ["nullable", z.string().nullable(), anyString, "optional"],
  ["nullish", z.string().nullish(), anyString, "optional"],
  ["exactOptional", z.string().exactOptional(), anyString, "optional"],
  ["optional readonly", z.string().optional().readonly(), anyString, "optional"],
  ["instant", isoInstant(), { kind: "instant" }, "required"],
  ["optional instant", isoInstant().nullish(), { kind: "instant" }, "optional"],
  ["number", z.number(), anyNumber, "required"],
  ["int", z.int(), integer, "required"],
  ["number.int", z.number().int(), integer, "required"],
  [
    "bounds",
    z.number().positive().lte(10),
    {
      ...anyNumber,
      bounds: [
        { side: "min", value: 0, inclusive: false },
        { side: "max", value: 10, inclusive: true },
      ],
    },
    "required",
  ],
  ["boolean", z.boolean(), { kind: "boolean" }, "required"],
  ["enum", z.enum(["a", "b"]), { kind: "oneOf", values: ["a", "b"] }, "required"],
  ["numeric enum", z.enum({ 0: "Low", 1: "High", Low: 0, High: 1 }), { kind: "oneOf", values: [0, 1] }, "required"],
  ["literals", z.literal(["a", 1, true]), { kind: "oneOf", values: ["a", 1, true] }, "required"],
  ["unknown", z.unknown(), { kind: "any" }, "optional"],
  ["any", z.any(), { kind: "any" }, "optional"],
  ["nullish any", z.any().nullish(), { kind: "any" }, "optional"],
  ["array", z.array(z.unknown()), { kind: "array", minLength: 0, maxLength: null }, "required"],
  ["array lengths", z.array(z.any()).min(1).max(3), { kind: "array", minLength: 1, maxLength: 3 }, "required"],
  ["map", z.record(z.string(), z.unknown()), { kind: "object", members: [] }, "required"],
  ["loose map", z.looseRecord(z.string(), z.unknown()), { kind: "object", members: [] }, "required"],
  [
    "objects in objects",
    z.object({ a: z.looseObject({ b: z.string().optional() }), c: z.unknown() }).catchall(z.any()),
    {
      kind: "object",
      members: [
        {
          name: "a",
          required: true,
          check: { kind: "object", members: [{ name: "b", required: false, check: anyString }] },
        },
        { name: "c", required: false, check: { kind: "any" } },
      ],
    },
    "required",
  ],
  ["union", z.union([z.string(), z.number()]), { kind: "anyOf", options: [anyString, anyNumber] }, "required"],
  [
    "union with an optional option",
    z.union([z.string(), z.number().optional().readonly()]),
    { kind: "anyOf", options: [anyString, anyNumber] },
    "optional",
  ],
  [
    "union with any",
    z.union([z.string(), z.any()]),
    { kind: "anyOf", options: [anyString, { kind: "any" }] },
    "optional",
  ],
  [
    "discriminated union",
    z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({ k: z.literal("b") })]),
    {
      kind: "anyOf",
      options: ["a", "b"].map((value) => ({
        kind: "object",
        members: [{ name: "k", required: true, check: { kind: "oneOf", values: [value] } }],
      })),
    },
    "required",
  ],
];

const patterns: readonly (readonly [z.ZodType, string])[] = [
  [z.iso.date(), "an ISO 8601 date"],
  [z.iso.time({ precision: 3 }), "an ISO 8601 time"],
  [z.iso.datetime({ offset: true, local: true }), "an ISO 8601 date-time"],
  [z.uuid(), "a UUID"],
  [z.uuidv7(), "a UUID"],
];

interface Node {
  readonly name: string;
  readonly next?: Node | undefined;
}
const node: z.ZodType<Node> = z.object({
  name: z.string(),
  get next() {
    return node.optional();
  },
});

const unsupported: readonly (readonly [string, z.ZodType, RegExp])[] = [
  ["refine", z.string().refine((text) => text !== "x"), /refine\(\) or check\(\).*Way out/],
  ["superRefine", z.number().superRefine(() => {}), /refine\(\)/],
  ["check", z.boolean().check(() => {}), /check\(\)/],
  [
    "refine on optional",
    z
      .string()
      .optional()
      .refine(() => true),
    /refine\(\)/,
  ],
  [
    "refine on readonly",
    z
      .string()
      .readonly()
      .refine(() => false),
    /refine\(\)/,
  ],
  ["refine on unknown", z.unknown().refine(() => false), /refine\(\)/],
  ["refine on an object", z.object({ a: z.string() }).refine(() => false), /refine\(\)/],
  ["refine on a union", z.union([z.string(), z.number()]).refine(() => false), /refine\(\)/],
  ["refine on an array", z.array(z.unknown()).refine(() => false), /refine\(\)/],
  ["refine on a map", z.record(z.string(), z.unknown()).refine(() => false), /refine\(\)/],
  ["refine on an enum", z.enum(["a"]).refine(() => false), /refine\(\)/],
  ["refine on an instant", isoInstant().refine(() => false), /refine\(\)/],
  ["length on an instant", isoInstant().min(3), /the check "min_length"/],
  ["refined members of an array", z.array(z.unknown().refine(() => false)), /z\.array\(z\.unknown\(\)\)/],
  [
    "refined members of a map",
    z.record(
      z.string(),
      z.any().refine(() => false),
    ),
    /z\.record\(z\.string\(\), z\.unknown/,
  ],
  ["refined catchall", z.object({}).catchall(z.unknown().refine(() => false)), /unknown fields/],
  ["transform", z.string().transform(Number), /z\.pipe\(\).*where it is read/],
  ["pure transform", z.transform(Number), /z\.transform\(\)/],
  ["pipe", z.string().pipe(z.string().min(1)), /z\.pipe\(\)/],
  ["codec", z.codec(z.string(), z.number(), { decode: Number, encode: String }), /z\.pipe\(\)/],
  ["preprocess", z.preprocess(String, z.string()), /z\.pipe\(\)/],
  ["stringbool", z.stringbool(), /z\.pipe\(\)/],
  ["default", z.string().default("x"), /z\.default\(\).*fallbacks/],
  ["prefault", z.string().prefault("x"), /z\.prefault\(\)/],
  ["catch", z.string().catch("x"), /z\.catch\(\).*nullish/],
  ["lazy", z.lazy(() => z.string()), /z\.lazy\(\).*z\.unknown/],
  ["json", z.json(), /z\.lazy\(\)/],
  ["recursion", node, /field "f\.next": a schema that holds itself/],
  ["coerced string", z.coerce.string(), /z\.coerce\.string\(\).*use z\.string\(\)/],
  ["coerced number", z.coerce.number(), /z\.coerce\.number\(\)/],
  ["coerced boolean", z.coerce.boolean(), /z\.coerce\.boolean\(\)/],
  ["coerced date", z.coerce.date(), /z\.coerce\.date\(\)/],
  ["coerced map key", z.record(z.coerce.string(), z.unknown()), /map's members/],
  ["regex", z.string().regex(/x/), /the format "regex"/],
  ["startsWith", z.string().startsWith("a"), /the format "starts_with"/],
  ["endsWith", z.string().endsWith("a"), /the format "ends_with"/],
  ["includes", z.string().includes("a"), /the format "includes"/],
  ["uppercase", z.string().uppercase(), /the format "uppercase"/],
  ["string.email", z.string().email(), /the format "email"/],
  ["string.datetime", z.string().datetime(), /the format "datetime"/],
  ["trim", z.string().trim(), /trim\(\)/],
  ["toLowerCase", z.string().toLowerCase(), /toLowerCase\(\)/],
  ["normalize", z.string().normalize(), /change of the value/],
  ["multipleOf", z.number().multipleOf(5), /the check "multiple_of"/],
  ["int32", z.int32(), /the number format "int32"/],
  ["float32", z.float32(), /the number format "float32"/],
  ["bigint bound", z.number().check(z.gt(1n)), /the bound 1/],
  ["infinite bound", z.number().lt(Number.POSITIVE_INFINITY), /the bound Infinity/],
  ["fractional length", z.string().min(1.5), /the length 1\.5/],
  ["infinite length", z.string().max(Number.POSITIVE_INFINITY), /the length Infinity/],
  ["strictObject", z.strictObject({ a: z.string() }), /a strict object.*looseObject/],
  ["catchall", z.object({}).catchall(z.string()), /the type of an object's unknown fields/],
  ["tuple", z.tuple([z.string()]), /z\.tuple\(\).*z\.array/],
  ["array of strings", z.array(z.string()), /the type of an array's members/],
  ["map of numbers", z.record(z.string(), z.number()), /the type of a map's members/],
  ["map by enum", z.record(z.enum(["a"]), z.unknown()), /the type of a map's members/],
  ["field named __proto__", z.object({ ["__proto__"]: z.string() }), /field "f\.__proto__"/],
  ["intersection", z.intersection(z.object({}), z.object({})), /z\.intersection\(\)/],
  ["xor", z.xor([z.string(), z.number()]), /z\.xor\(\)/],
  ["date", z.date(), /z\.date\(\).*isoInstant/],
  ["bigint", z.bigint(), /z\.bigint\(\)/],
  ["int64", z.int64(), /z\.bigint\(\)/],
  ["bigint literal", z.literal(5n), /the literal 5/],
  ["null literal", z.literal(["a", null]), /the literal null.*nullish/],
  ["undefined literal", z.literal(undefined), /the literal undefined/],
  ["NaN literal", z.literal(Number.NaN), /the literal NaN/],
  ["empty enum", z.enum([]), /a choice of no values/],
  ["null", z.null(), /z\.null\(\).*nullish/],
  ["null in a union", z.union([z.string(), z.null()]), /z\.null\(\)/],
  ["undefined", z.undefined(), /z\.undefined\(\)/],
  ["void", z.void(), /z\.void\(\)/],
  ["never", z.never(), /z\.never\(\)/],
  ["nan", z.nan(), /z\.nan\(\)/],
  ["nonoptional", z.string().optional().nonoptional(), /z\.nonoptional\(\)/],
  ["symbol", z.symbol(), /z\.symbol\(\)/],
  ["map", z.map(z.string(), z.string()), /z\.map\(\)/],
  ["set", z.set(z.string()), /z\.set\(\)/],
  ["template literal", z.templateLiteral(["a", z.number()]), /z\.templateLiteral\(\)/],
  ["promise", z.promise(z.string()), /z\.promise\(\)/],
  ["function", z.custom<() => void>((value) => typeof value === "function"), /z\.custom\(\)/],
  ["instanceof", z.instanceof(Date), /z\.custom\(\)/],
  ["function schema", z.function(), /z\.function\(\)/],
  ["file", z.file(), /z\.file\(\)/],
  ["success", z.success(z.string()), /z\.success\(\)/],
  ["another iso_instant", z.stringFormat("iso_instant", () => true), /the format "iso_instant"/],
  ...[z.email(), z.url(), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), z.mac(), z.e164(), z.jwt(), z.emoji()].map(
    (schema) => [schema.def.format, schema, /the format "/] as const,
  ),
  ...[z.guid(), z.nanoid(), z.cuid(), z.cuid2(), z.ulid(), z.xid(), z.ksuid(), z.base64(), z.base64url()].map(
    (schema) => [schema.def.format, schema, /the format "/] as const,
  ),
  ["iban", z.iban(), /the format "iban"/],
  ["credit card", z.creditCard(), /the format "credit_card"/],
  ["duration", z.iso.duration(), /the format "duration"/],
];

describe("compileField", () => {
  it.each(supported)("compiles %s", (_, schema, check, presence) => {
    expect(compileField("d", "f", schema)).toEqual({ required: presence === "required", check });
  });

  it.each(patterns)("compiles a format to its pattern (%#)", (schema, name) => {
    const { check } = compileField("d", "f", schema);
    expect(check).toMatchObject({ kind: "pattern", name });
    const source = check.kind === "pattern" ? check.source : "";
    expect(source, "syntax that RE2 does not read").not.toMatch(/\(\?[!<=]|\\[1-9bB]/);
    expect(source).toMatch(/^\^.*\$$/);
  });

  it.each(unsupported)("refuses %s, naming the field and the way out", (_, schema, message) => {
    const compile = () => compileField("orders", "f", z.object({ f: schema }).shape.f);
    expect(compile).toThrow(SchemaError);
    expect(compile).toThrow(/^Data set "orders", field "f.*Way out: /);
    expect(compile).toThrow(message);
    expect(compile).toThrow(expect.objectContaining({ code: "FIELD_NOT_COMPILABLE" }));
  });

  it("names a nested field by its path", () => {
    const facts = { dataset: "d", field: "f.g.h", construct: "z.date()" };
    const schema = z.object({ g: z.object({ h: z.date() }).nullish() });
    expect(() => compileField("d", "f", schema)).toThrow(expect.objectContaining({ facts }));
  });

  it("lets the same schema stand in two places", () => {
    const shared = z.object({ a: z.string() });
    expect(compileField("d", "f", z.object({ x: shared, y: shared })).required).toBe(true);
  });

  it("is tested with every kind of schema that zod has", () => {
    const schemas = [...supported.map(([, schema]) => schema), ...patterns.map(([schema]) => schema)];
    const tested = new Set(
      [...schemas, ...unsupported.map(([, schema]) => schema)].flatMap((schema) => [...schema._zod.traits]),
    );
    const kinds = Object.keys(z).filter(
      (name) => /^Zod[A-Z]/.test(name) && !/Error$|IssueCode|FirstPartyTypeKind/.test(name),
    );
    expect(kinds.filter((name) => !tested.has(name))).toEqual([]);
  });

  it("knows isoInstant by its check", () => {
    expect(compileField("d", "f", z.stringFormat("mine", isIsoInstant)).check).toEqual({ kind: "instant" });
  });
});
