import { z } from "zod";
import { isObject, type JsonObject, ownValue } from "../json-object.ts";

/**
 * The value in which null and absent are one and the same to zod, in every nested object that the schema describes: a
 * null member is left out where its schema lets it be absent, and an absent one is null where its schema wants that.
 * All else stays as it is.
 */
export function alignAbsent(schema: z.core.$ZodType, value: unknown): unknown {
  const inner = unwrapOptional(schema);
  if (inner instanceof z.ZodUnion) {
    for (const option of inner.def.options) {
      const aligned = alignAbsent(option, value);
      if (z.safeParse(option, aligned).success) return aligned;
    }
    return value;
  }
  return inner instanceof z.ZodObject && isObject(value) ? alignMembers(inner.shape, value) : value;
}

/** {@link alignAbsent} for the members of one object. The result has no prototype. */
export function alignMembers(shape: z.core.$ZodShape, object: JsonObject): JsonObject {
  const aligned: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(object)) {
    const schema = ownValue(shape, name);
    if (schema === undefined) aligned[name] = member;
    else if (member !== null && member !== undefined) aligned[name] = alignAbsent(schema, member);
  }
  for (const [name, schema] of Object.entries(shape)) {
    if (!(name in aligned) && schema._zod.optin !== "optional" && z.safeParse(schema, null).success) {
      aligned[name] = null;
    }
  }
  return aligned;
}

/** The schema inside of what only says that a value may be absent or is read only. */
export function unwrapOptional(schema: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    schema instanceof z.core.$ZodOptional ||
    schema instanceof z.core.$ZodNullable ||
    schema instanceof z.core.$ZodReadonly;
  return wrapped ? unwrapOptional(schema._zod.def.innerType) : schema;
}
