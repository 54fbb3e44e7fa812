import fc from "fast-check";
import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { numeric } from "../numeric.ts";

/** Names that schemas and values share often, some of which every object inherits. */
const names = fc.constantFrom("a", "b", "kind", "constructor", "toString", "hasOwnProperty");

const keys = fc.oneof({ weight: 5, arbitrary: names }, fc.constant("__proto__"));

const scalars = fc.constantFrom(
  ...[
    "",
    "-1.5e3",
    "1e999",
    "01",
    "a",
    "A",
    "ab",
    "é",
    "1",
    "true",
    "null",
    "first",
    "second",
    "2025-11-27",
    "10:00:00",
  ],
  ...["2025-11-27T10:00:00Z", "2025-11-27T10:00:00", "2025-11-27T10:00:00\n", "0b6f0a3e-38f8-4a35-9d0b-9a2f5f3f0c1e"],
  ...[0, 1, -1, 1.5, 3, 2 ** 53, 2 ** 53 - 1, -(2 ** 53), 1e308, true, false, null],
);

/** JSON values that the schemas below often accept, and any others. */
export const jsonValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    { weight: 3, arbitrary: fc.dictionary(keys, tie("value"), { maxKeys: 4 }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom("first", "second", null), a: tie("value") }, { requiredKeys: [] }),
    },
  ),
})).value;

const lengths = fc.tuple(fc.nat({ max: 3 }), fc.option(fc.nat({ max: 4 })));

const scalarSchemas: fc.Arbitrary<z.ZodType> = fc.oneof(
  lengths.map(([min, max]) => (max === null ? z.string().min(min) : z.string().min(min).max(max))),
  fc.nat({ max: 3 }).map((length) => z.string().length(length)),
  fc.constant(isoInstant()),
  fc.constant(numeric()),
  fc.constantFrom<z.ZodType[]>(z.iso.date(), z.iso.time(), z.iso.datetime({ offset: true, local: true }), z.uuid()),
  fc.constant(z.boolean()),
  fc
    .tuple(fc.constantFrom(z.number(), z.int(), z.number().int()), fc.integer({ min: -2, max: 3 }), fc.nat({ max: 4 }))
    .map(([number, limit, kind]) => {
      if (kind === 0) return number.min(limit);
      if (kind === 1) return number.gt(limit);
      if (kind === 2) return number.max(limit);
      return kind === 3 ? number.lt(limit).min(-1) : number;
    }),
  fc.constantFrom<z.ZodType[]>(z.enum(["a", "A", "first"]), z.enum({ One: 1, Two: 2 }), z.literal(["1", 1, true])),
  lengths.map(([min, max]) => (max === null ? z.array(z.unknown()).min(min) : z.array(z.any()).min(min).max(max))),
  fc.constant(z.record(z.string(), z.unknown())),
);

/** The schema as a member that may be absent, in every spelling that zod has for this. */
function absentSpellings(schema: z.ZodType): z.ZodType[] {
  const nullable = [schema.nullable(), schema.nullish(), schema.nullable().readonly(), z.unknown(), z.any()];
  return [...strictSpellings(schema), ...nullable];
}

/** Those spellings of {@link absentSpellings} under which zod itself never takes null and absent for different things. */
function strictSpellings(schema: z.ZodType): z.ZodType[] {
  return [schema, schema.optional(), schema.optional().readonly(), schema.exactOptional(), schema.readonly()];
}

/** Schemas that compile; with `nulls` also those in which zod tells null from absent. */
export function compilableSchemas({ nulls }: { readonly nulls: boolean }): fc.Arbitrary<z.ZodType> {
  const spellings = nulls ? absentSpellings : strictSpellings;
  return fc.letrec<{ schema: z.ZodType; member: z.ZodType; object: z.ZodObject }>((tie) => ({
    schema: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalarSchemas,
      tie("object"),
      fc.array(tie("member"), { minLength: 1, maxLength: 3 }).map((options) => z.union(options)),
      fc
        .tuple(tie("object"), tie("object"))
        .map(([first, second]) =>
          z.discriminatedUnion("kind", [
            first.extend({ kind: z.literal("first") }),
            second.extend({ kind: z.enum(["second", "third"]) }),
          ]),
        ),
    ),
    member: fc.tuple(tie("schema"), fc.nat()).map(([schema, choice]) => {
      const all = spellings(schema);
      return all[choice % all.length] ?? schema;
    }),
    object: fc
      .tuple(fc.dictionary(names, tie("member"), { maxKeys: 3 }), fc.boolean())
      .map(([shape, loose]) => (loose ? z.looseObject({ ...shape }) : z.object({ ...shape }))),
  })).member;
}
