import type { z } from "zod";
import { SchemaError } from "../errors.ts";

/** Where a schema stands: the data set, the path of the field in it (null: the record), the objects around it. */
export interface Place {
  readonly dataset: string;
  readonly path: string | null;
  readonly within: readonly z.core.$ZodType[];
}

const GENERAL_WAY_OUT =
  "use a string with lengths, an enum, a literal, a number with bounds, a boolean, isoInstant(), an object, " +
  "z.array(z.unknown()), a union of these or z.unknown(), and leave finer checks to the service that makes the record";

const WAYS_OUT: ReadonlyMap<string, string> = new Map([
  ["bigint", "use z.number() or z.string()"],
  ["catch", "use .nullish(): an optional field that is wrong becomes null with a warning"],
  ["date", "use isoInstant()"],
  ["default", "use .nullish(), and name the fields that stand in for it in `fallbacks`"],
  ["lazy", "use z.unknown()"],
  ["null", "use .nullish(): null counts as absent"],
  ["pipe", "check the value as it arrives, and change it where it is read"],
  ["prefault", "use .nullish(), and name the fields that stand in for it in `fallbacks`"],
  ["transform", "check the value as it arrives, and change it where it is read"],
  ["tuple", "use z.array(z.unknown())"],
  ["undefined", "use .nullish()"],
]);

/** The error for a construct that some engine cannot check as zod does. */
export function notCompilable(place: Place, construct: string, wayOut = GENERAL_WAY_OUT): SchemaError {
  const where = place.path === null ? "the record" : `field "${place.path}"`;
  return new SchemaError(
    "FIELD_NOT_COMPILABLE",
    `Data set "${place.dataset}", ${where}: ${construct} cannot be checked by every engine. Way out: ${wayOut}.`,
    { dataset: place.dataset, field: place.path, construct },
  );
}

/** The error for a kind of schema that no engine check stands for, such as `z.tuple()`. */
export function kindNotCompilable(place: Place, schema: z.core.$ZodType): SchemaError {
  const { type } = schema._zod.def;
  const name = type.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return notCompilable(place, `z.${name}()`, WAYS_OUT.get(type));
}

/** @throws SchemaError FIELD_NOT_COMPILABLE when the schema has a check of its own, such as `refine` */
export function refuseChecks(place: Place, schema: z.core.$ZodType): void {
  const [first] = schema._zod.def.checks ?? [];
  if (first !== undefined) throw notCompilable(place, checkName(first));
}

/** A check in the words of whoever wrote it. */
export function checkName(check: z.core.$ZodCheck<never>): string {
  const { def } = check._zod;
  if (def.check === "custom") return "refine() or check()";
  if (def.check === "overwrite") return "trim(), toLowerCase() or another change of the value";
  if ("format" in def) return `the format "${def.format}"`;
  return `the check "${def.check}"`;
}
