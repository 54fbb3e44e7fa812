import { z } from "zod";
import { SchemaError } from "../errors.ts";
import type { FieldCheck, MemberCheck, NumberBound } from "./check.ts";

/** Where a schema stands, for messages: the data set and the path of the field in it. */
interface Place {
  readonly dataset: string;
  readonly path: string;
}

/** A field's check, and whether the field must be there. Null counts as absent. */
export interface CompiledField {
  readonly required: boolean;
  readonly check: FieldCheck;
}

/**
 * Compiles the zod schema of one field to a {@link FieldCheck}, which silver turns into SQL. Every schema that this
 * function takes gives the same verdict in zod and in SQL; it refuses the others rather than guess.
 *
 * @throws SchemaError FIELD_NOT_COMPILABLE for what SQL cannot check (`refine`, `transform`, `default`, `regex`, …)
 */
export function compileField(dataset: string, path: string, schema: z.core.$ZodType): CompiledField {
  return compileOptional({ dataset, path }, schema);
}

function compileOptional(place: Place, schema: z.core.$ZodType): CompiledField {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    refuseChecks(place, schema);
    return { required: false, check: compileOptional(place, schema.def.innerType).check };
  }
  if (schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) {
    refuseChecks(place, schema);
    return { required: false, check: { kind: "any" } };
  }
  const check = compileCheck(place, schema);
  const optional = check.kind === "anyOf" && schema instanceof z.ZodUnion && schema.def.options.some(allowsAbsent);
  return { required: !optional, check };
}

function allowsAbsent(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodUnknown;
}

function compileCheck(place: Place, schema: z.core.$ZodType): FieldCheck {
  if (schema instanceof z.ZodReadonly) return compileOptional(place, schema.def.innerType).check;
  if (schema instanceof z.ZodString) return compileString(place, schema);
  if (schema instanceof z.ZodStringFormat) return compileFormat(place, schema);
  if (schema instanceof z.ZodNumber) return compileNumber(place, schema);
  refuseChecks(place, schema, schema instanceof z.ZodArray);
  if (schema instanceof z.ZodBoolean && schema.def.coerce !== true) return { kind: "boolean" };
  if (schema instanceof z.ZodEnum) return { kind: "oneOf", values: schema.options };
  if (schema instanceof z.ZodLiteral) return { kind: "oneOf", values: literalValues(place, schema) };
  if (schema instanceof z.ZodUnion) return compileUnion(place, schema);
  if (schema instanceof z.ZodArray) return compileArray(place, schema);
  if (schema instanceof z.ZodRecord) return compileRecord(place, schema);
  if (schema instanceof z.ZodObject) return compileObject(place, schema);
  throw notCompilable(place, `z.${schema._zod.def.type}()`);
}

function compileString(place: Place, schema: z.ZodString): FieldCheck {
  if (schema.def.coerce === true) throw notCompilable(place, "z.coerce");
  return { kind: "string", ...compileLengths(place, schema.def.checks) };
}

function compileFormat(place: Place, schema: z.ZodStringFormat): FieldCheck {
  refuseChecks(place, schema);
  if (schema.def.format === "iso_instant") return { kind: "instant" };
  const plain =
    schema instanceof z.ZodISODateTime ||
    schema instanceof z.ZodISODate ||
    schema instanceof z.ZodISOTime ||
    schema instanceof z.ZodUUID;
  if (!plain || schema.def.pattern === undefined)
    throw notCompilable(place, `the string format "${schema.def.format}"`);
  return { kind: "pattern", name: `ISO or UUID (${schema.def.format})`, source: schema.def.pattern.source };
}

function compileLengths(place: Place, checks: readonly z.core.$ZodCheck<never>[] | undefined) {
  let minLength = 0;
  let maxLength: number | null = null;
  for (const check of checks ?? []) {
    if (check instanceof z.core.$ZodCheckMinLength) minLength = Math.max(minLength, check._zod.def.minimum);
    else if (check instanceof z.core.$ZodCheckMaxLength)
      maxLength = Math.min(maxLength ?? Number.POSITIVE_INFINITY, check._zod.def.maximum);
    else if (check instanceof z.core.$ZodCheckLengthEquals) {
      minLength = Math.max(minLength, check._zod.def.length);
      maxLength = Math.min(maxLength ?? Number.POSITIVE_INFINITY, check._zod.def.length);
    } else throw notCompilable(place, checkName(check));
  }
  return { minLength, maxLength };
}

function compileNumber(place: Place, schema: z.ZodNumber): FieldCheck {
  if (schema.def.coerce === true) throw notCompilable(place, "z.coerce");
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
  if (format !== "safeint") throw notCompilable(place, `the number format "${format}"`);
  return true;
}

function compileBound(place: Place, check: z.core.$ZodCheckGreaterThan | z.core.$ZodCheckLessThan): NumberBound {
  const { value, inclusive } = check._zod.def;
  if (typeof value !== "number") throw notCompilable(place, "a bound that is not a number");
  return { side: check instanceof z.core.$ZodCheckGreaterThan ? "min" : "max", value, inclusive };
}

function literalValues(place: Place, schema: z.ZodLiteral): (string | number | boolean)[] {
  return schema.def.values.map((value) => {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
    throw notCompilable(place, `the literal ${String(value)}`);
  });
}

function compileUnion(place: Place, schema: z.ZodUnion): FieldCheck {
  return { kind: "anyOf", options: schema.def.options.map((option) => compileOptional(place, option).check) };
}

function compileArray(place: Place, schema: z.ZodArray): FieldCheck {
  const { element } = schema.def;
  if (!(element instanceof z.ZodUnknown || element instanceof z.ZodAny)) {
    throw notCompilable(place, "the type of an array's members", "use z.array(z.unknown())");
  }
  return { kind: "array", ...compileLengths(place, schema.def.checks) };
}

function compileRecord(place: Place, schema: z.ZodRecord): FieldCheck {
  const { keyType, valueType } = schema.def;
  const plainKey = keyType instanceof z.ZodString && (keyType.def.checks ?? []).length === 0;
  if (!plainKey || !(valueType instanceof z.ZodUnknown || valueType instanceof z.ZodAny)) {
    throw notCompilable(place, "the type of a map's members", "use z.record(z.string(), z.unknown())");
  }
  return { kind: "object", members: [] };
}

function compileObject(place: Place, schema: z.ZodObject): FieldCheck {
  if (schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodUnknown)) {
    throw notCompilable(
      place,
      "a strict object",
      "use z.object() or z.looseObject(): unknown fields pass through silver",
    );
  }
  const members: MemberCheck[] = Object.entries(schema.shape).map(([name, member]) => ({
    name,
    ...compileOptional({ dataset: place.dataset, path: `${place.path}.${name}` }, member),
  }));
  return { kind: "object", members };
}

function refuseChecks(place: Place, schema: z.core.$ZodType, hasLengths = false): void {
  const [first] = schema._zod.def.checks ?? [];
  if (first !== undefined && !hasLengths) throw notCompilable(place, checkName(first));
}

function checkName(check: z.core.$ZodCheck<never>): string {
  const name = check._zod.def.check;
  if (name === "custom") return "refine() or check()";
  if (name === "overwrite") return "trim(), toLowerCase() or another change of the value";
  return `the check "${name}"`;
}

function notCompilable(place: Place, what: string, wayOut?: string): SchemaError {
  const out =
    wayOut ??
    "use a string with bounds, an enum, a literal, a number, a boolean, isoInstant(), or an object or array by type, " +
      "and leave finer checks to the service that makes the record";
  return new SchemaError(
    "FIELD_NOT_COMPILABLE",
    `Data set "${place.dataset}", field "${place.path}": ${what} cannot be checked by every engine. Way out: ${out}.`,
    { dataset: place.dataset, field: place.path, construct: what },
  );
}
