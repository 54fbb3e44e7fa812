import { z } from "zod";
import { compileFormat, compileLengths, compileNumber, compileString, compileValues } from "./compile-scalar.ts";
import type { FieldCheck, MemberCheck } from "./field-check.ts";
import { kindNotCompilable, notCompilable, type Place, refuseChecks } from "./not-compilable.ts";

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
  return compileOptional({ dataset, path, within: [] }, schema);
}

/**
 * Compiles the schema of a whole record to its fields.
 *
 * @throws SchemaError FIELD_NOT_COMPILABLE as {@link compileField}, also for a check on the record or a closed record
 */
export function compileRecord(dataset: string, record: z.ZodObject): readonly MemberCheck[] {
  const place = { dataset, path: null, within: [] };
  refuseChecks(place, record);
  return compileMembers(place, record);
}

function compileOptional(place: Place, schema: z.core.$ZodType): CompiledField {
  if (schema instanceof z.core.$ZodOptional || schema instanceof z.core.$ZodNullable) {
    refuseChecks(place, schema);
    return { required: false, check: compileOptional(place, schema._zod.def.innerType).check };
  }
  if (schema instanceof z.ZodReadonly) {
    refuseChecks(place, schema);
    return compileOptional(place, schema.def.innerType);
  }
  if (isUnknown(schema)) {
    refuseChecks(place, schema);
    return { required: false, check: { kind: "any" } };
  }
  if (schema instanceof z.ZodUnion) return compileUnion(place, schema);
  return { required: true, check: compileRequired(place, schema) };
}

function compileRequired(place: Place, schema: z.core.$ZodType): FieldCheck {
  const { def } = schema._zod;
  if ("coerce" in def && def.coerce === true)
    throw notCompilable(place, `z.coerce.${def.type}()`, `use z.${def.type}()`);
  if (schema instanceof z.ZodString) return compileString(place, schema);
  if (schema instanceof z.ZodStringFormat) return compileFormat(place, schema);
  if (schema instanceof z.ZodNumber) return compileNumber(place, schema);
  if (schema instanceof z.ZodArray) return compileArray(place, schema);
  refuseChecks(place, schema);
  if (schema instanceof z.ZodBoolean) return { kind: "boolean" };
  if (schema instanceof z.ZodEnum) return compileValues(place, schema.options);
  if (schema instanceof z.ZodLiteral) return compileValues(place, schema.def.values);
  if (schema instanceof z.ZodRecord) return compileMap(place, schema);
  if (schema instanceof z.ZodObject) return { kind: "object", members: compileMembers(place, schema) };
  throw kindNotCompilable(place, schema);
}

/** A discriminated union accepts what one of its options does, so it is a union like any other; `z.xor()` is not. */
function compileUnion(place: Place, schema: z.ZodUnion): CompiledField {
  refuseChecks(place, schema);
  if (schema instanceof z.ZodXor) throw notCompilable(place, "z.xor()", "use z.union()");
  const options = schema.def.options.map((option) => compileOptional(place, option));
  return {
    required: options.every((option) => option.required),
    check: { kind: "anyOf", options: options.map((option) => option.check) },
  };
}

function compileArray(place: Place, schema: z.ZodArray): FieldCheck {
  if (!isPlainUnknown(schema.def.element)) {
    throw notCompilable(place, "the type of an array's members", "use z.array(z.unknown())");
  }
  return { kind: "array", ...compileLengths(place, schema.def.checks) };
}

function compileMap(place: Place, schema: z.ZodRecord): FieldCheck {
  const { keyType, valueType } = schema.def;
  const plainKey =
    keyType instanceof z.ZodString && keyType.def.coerce !== true && (keyType.def.checks ?? []).length === 0;
  if (!plainKey || !isPlainUnknown(valueType)) {
    throw notCompilable(place, "the type of a map's members", "use z.record(z.string(), z.unknown())");
  }
  return { kind: "object", members: [] };
}

function compileMembers(place: Place, schema: z.ZodObject): MemberCheck[] {
  if (place.within.includes(schema)) throw notCompilable(place, "a schema that holds itself", "use z.unknown()");
  const { catchall } = schema.def;
  if (catchall !== undefined && !isPlainUnknown(catchall)) {
    const construct = catchall instanceof z.ZodNever ? "a strict object" : "the type of an object's unknown fields";
    throw notCompilable(place, construct, "use z.object() or z.looseObject(): unknown fields pass through silver");
  }
  const within = [...place.within, schema];
  return Object.entries(schema.shape).map(([name, member]) => {
    const path = place.path === null ? name : `${place.path}.${name}`;
    if (name === "__proto__") {
      throw notCompilable({ ...place, path }, 'a field of the name "__proto__", which zod leaves out,', "rename it");
    }
    return { name, ...compileOptional({ dataset: place.dataset, path, within }, member) };
  });
}

function isUnknown(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodUnknown || schema instanceof z.ZodAny;
}

function isPlainUnknown(schema: z.core.$ZodType): boolean {
  return isUnknown(schema) && (schema._zod.def.checks ?? []).length === 0;
}
