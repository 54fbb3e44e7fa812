import { z } from "zod";
import { isInstantSchema } from "../instant.ts";
import { isNumericTextSchema } from "../numeric.ts";
import type { FieldCheck, NumberBound } from "./field-check.ts";
import { checkName, notCompilable, type Place, refuseChecks } from "./not-compilable.ts";

/** Compiles `z.string()` with lengths. */
export function compileString(place: Place, schema: z.ZodString): FieldCheck {
  return { kind: "string", ...compileLengths(place, schema.def.checks) };
}

/** Compiles `isoInstant()`, `numericText()`, `z.iso.date()`, `z.iso.time()`, `z.iso.datetime()` and `z.uuid()`. */
export function compileFormat(place: Place, schema: z.ZodStringFormat): FieldCheck {
  refuseChecks(place, schema);
  if (isInstantSchema(schema)) return { kind: "instant" };
  if (isNumericTextSchema(schema)) return { kind: "numericText" };
  const name = patternName(schema);
  const { pattern } = schema.def;
  if (name === null || pattern === undefined || pattern.flags !== "") {
    throw notCompilable(place, `the format "${schema.def.format}"`);
  }
  return { kind: "pattern", name, source: pattern.source };
}

/** The formats whose patterns are plain enough to mean the same in every engine. */
function patternName(schema: z.ZodStringFormat): string | null {
  if (schema instanceof z.ZodISODateTime) return "an ISO 8601 date-time";
  if (schema instanceof z.ZodISODate) return "an ISO 8601 date";
  if (schema instanceof z.ZodISOTime) return "an ISO 8601 time";
  return schema instanceof z.ZodUUID ? "a UUID" : null;
}

/** Compiles the length checks of a string or an array, the only checks that these may have. */
export function compileLengths(place: Place, checks: readonly z.core.$ZodCheck<never>[] = []) {
  const minimums = [0];
  const maximums: number[] = [];
  for (const check of checks) {
    if (check instanceof z.core.$ZodCheckMinLength) minimums.push(check._zod.def.minimum);
    else if (check instanceof z.core.$ZodCheckMaxLength) maximums.push(check._zod.def.maximum);
    else if (check instanceof z.core.$ZodCheckLengthEquals) {
      minimums.push(check._zod.def.length);
      maximums.push(check._zod.def.length);
    } else throw notCompilable(place, checkName(check));
  }
  const odd = [...minimums, ...maximums].find((length) => !Number.isSafeInteger(length));
  if (odd !== undefined) throw notCompilable(place, `the length ${odd}`, "use a whole number");
  return { minLength: Math.max(...minimums), maxLength: maximums.length === 0 ? null : Math.min(...maximums) };
}

/** Compiles `z.number()` and `z.int()` with bounds. */
export function compileNumber(place: Place, schema: z.ZodNumber): FieldCheck {
  let integer = schema instanceof z.ZodNumberFormat && isSafeInteger(place, schema);
  const bounds: NumberBound[] = [];
  for (const check of schema.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckNumberFormat) integer = isSafeInteger(place, check) || integer;
    else if (check instanceof z.core.$ZodCheckGreaterThan || check instanceof z.core.$ZodCheckLessThan)
      bounds.push(compileBound(place, check));
    else throw notCompilable(place, checkName(check));
  }
  return { kind: "number", integer, bounds };
}

function isSafeInteger(place: Place, check: { _zod: { def: { format: string } } }): boolean {
  const { format } = check._zod.def;
  if (format !== "safeint") throw notCompilable(place, `the number format "${format}"`, "use z.int() or z.number()");
  return true;
}

function compileBound(place: Place, check: z.core.$ZodCheckGreaterThan | z.core.$ZodCheckLessThan): NumberBound {
  const { value, inclusive } = check._zod.def;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw notCompilable(place, `the bound ${String(value)}`, "use a finite number");
  }
  return { side: check instanceof z.core.$ZodCheckGreaterThan ? "min" : "max", value, inclusive };
}

/** Compiles the values of `z.enum()` and `z.literal()`. */
export function compileValues(place: Place, values: readonly z.core.util.Literal[]): FieldCheck {
  if (values.length === 0) throw notCompilable(place, "a choice of no values");
  return {
    kind: "oneOf",
    values: values.map((value) => {
      if (typeof value === "string" || typeof value === "boolean") return value;
      if (typeof value === "number" && Number.isFinite(value)) return value;
      const wayOut = value === null || value === undefined ? "use .nullish(): null counts as absent" : undefined;
      throw notCompilable(place, `the literal ${String(value)}`, wayOut);
    }),
  };
}
