import { defineDataset, expression, isoInstant, numeric, rule } from "@medallion/schema";
import fc from "fast-check";
import { z } from "zod";
import { anyValue, type FieldValues, instants, numbers, oneOf, strings } from "./record-texts.ts";

/** A data set with every construct of zod that compiles to SQL. */
export const constructs = defineDataset({
  name: "constructs",
  version: "1.0.0",
  folders: { bronze: "raw-constructs", silver: "constructs" },
  record: z.object({
    id: z.string().min(1).max(5),
    at: isoInstant(),
    active: z.boolean(),
    where: z.object({
      x: z.number(),
      y: z.int().nullish(),
      deep: z.looseObject({ k: z.string(), w: z.string().min(2).optional() }).nullish(),
    }),
    label: z.string().min(2).max(4).nullish(),
    code: z.string().length(3).optional(),
    level: z.enum(["low", "high", "é", "", "😀"]).nullish(),
    grade: z.enum({ One: 1, Half: 0.5, Zero: 0 }).nullish(),
    flag: z.literal(["1", 1, true]).nullish(),
    count: z.int().min(-2).lt(100).nullish(),
    safe: z.number().int().nullish(),
    ratio: z.number().gt(0).lte(1).nullish(),
    size: z.number().nullable(),
    amount: numeric().nullish(),
    due: isoInstant().nullish(),
    stamp: z.iso.datetime({ offset: true, local: true }).nullish(),
    utc: z.iso.datetime({ precision: 3 }).nullish(),
    date: z.iso.date().nullish(),
    clock: z.iso.time().nullish(),
    uuid: z.uuid().nullish(),
    list: z.array(z.unknown()).min(1).max(3).nullish(),
    map: z.record(z.string(), z.unknown()).nullish(),
    mixed: z.union([z.string().max(3), z.int(), z.object({ kind: z.literal("a"), n: z.number() })]).nullish(),
    variant: z
      .discriminatedUnion("kind", [
        z.object({ kind: z.literal("first"), a: z.string() }),
        z.object({ kind: z.enum(["second", "third"]), a: z.number().nullish() }),
      ])
      .nullish(),
    hidden: z.string().nullish(),
    "odd/~\"name'": z.string().min(1).nullish(),
    "😀": z.boolean().nullish(),
    note: z.unknown(),
  }),
  expected: { label: z.enum(["ab", "cd"]), ratio: z.number().gte(0.25) },
  key: ["id"],
  time: "at",
  rules: [
    rule("ratio_below_size", "ratio <= size OR label IS NULL", { onViolation: "warn" }),
    rule("low_is_inactive", "level <> 'low' OR NOT active"),
    rule("amount_not_negative", "amount >= 0 AND coalesce(length(code), 3) = 3", { onViolation: "warn" }),
  ],
  computed: {
    doubled: expression("round(amount * 2, 3)"),
    caption: expression("coalesce(label, 'none') || '/' || id"),
    is_due: expression("due < at"),
  },
  fallbacks: { id: ["name", "number"], at: ["when", "ingested_at"], safe: ["counter"] },
});

const anyObject = (...members: readonly (readonly [string, fc.Arbitrary<string>])[]): fc.Arbitrary<string> =>
  fc
    .tuple(...members.map(([name, value]) => fc.option(value.map((text) => `${JSON.stringify(name)}:${text}`))))
    .map((texts) => `{${texts.filter((text) => text !== null).join(",")}}`);

const deep = anyObject(["k", oneOf('"k"', "null", '""')], ["w", oneOf('"ww"', '"w"', "null")], ["z", anyValue]);

/** Values of its fields, right ones and near misses. */
export const constructValues: FieldValues = {
  id: oneOf('"1"', '"abcde"', '"😀😀a"'),
  name: oneOf('"n"', "null"),
  number: oneOf('"3"'),
  at: instants,
  when: instants,
  active: oneOf("true", "false"),
  where: fc.oneof(
    { weight: 5, arbitrary: oneOf('{"x":1}', '{"x":1,"y":2}', '{"y":null,"x":-0.5,"deep":{"k":"","w":null,"k2":1}}') },
    { weight: 1, arbitrary: anyObject(["x", numbers], ["y", numbers], ["deep", deep]) },
  ),
  label: fc.oneof(oneOf('"ab"', '"😀"', '"😀😀"', '"😀😀a"', '"x"', '"abcde"'), strings),
  code: fc.oneof(oneOf('"abc"', '"a😀"', '"😀😀"'), strings),
  level: fc.oneof(oneOf('"low"', '"\\u00e9"', '"e\\u0301"', '""'), strings),
  grade: fc.oneof(oneOf("1", "1.0", "5e-1", "-0", '"1"'), numbers),
  flag: fc.oneof(oneOf('"1"', "1", "true", "1.0", '"true"', "false", "1e0"), anyValue),
  count: numbers,
  safe: numbers,
  counter: numbers,
  ratio: numbers,
  size: numbers,
  amount: fc.oneof(
    numbers,
    numbers.map((text) => JSON.stringify(text)),
    strings,
  ),
  due: fc.oneof(instants, strings),
  stamp: fc.oneof(instants, strings),
  utc: fc.oneof(instants, oneOf('"2025-11-27T10:00:00.000Z"', '"2025-02-30T10:00:00.000Z"')),
  date: fc.oneof(oneOf('"2025-11-27"', '"2024-02-29"', '"2025-02-29"', '"2025-11-27\\n"'), strings),
  clock: fc.oneof(oneOf('"10:00:00"', '"10:00"', '"24:00:00"', '"10:00:00.5\\n"'), strings),
  uuid: fc.oneof(
    fc.uuid().map((id) => JSON.stringify(id)),
    strings,
  ),
  list: fc.oneof(oneOf("[1]", "[null,null,null]", "[1,2,3,4]", "[]", "[[],[],[],[]]", '[{"a":[1,2]}]'), anyValue),
  map: fc.oneof(oneOf("{}", '{"a":1}'), anyValue),
  mixed: fc.oneof(anyValue, anyObject(["kind", oneOf('"a"', '"b"', "null")], ["n", numbers])),
  variant: fc.oneof(
    oneOf('{"kind":"first","a":"1"}', '{"kind":"second","a":1}', '{"kind":"third"}', '{"kind":"first","a":1}'),
    anyValue,
  ),
  hidden: strings,
  "odd/~\"name'": strings,
  "😀": oneOf("true", "1", "false"),
  note: anyValue,
};
