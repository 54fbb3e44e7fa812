import type { FieldCheck, MemberCheck, NumberBound } from "./contract/field-check.ts";
import { ISO_INSTANT_PATTERN } from "./instant-text.ts";
import type { JsonObject } from "./json-object.ts";
import { NUMERIC_TEXT_PATTERN } from "./numeric.ts";

/** The JSON Schema of a field check, for a value that is there and not null. */
export function checkJsonSchema(check: FieldCheck): JsonObject {
  switch (check.kind) {
    case "any":
      return {};
    case "boolean":
      return { type: "boolean" };
    case "string":
      return { type: "string", ...limits("minLength", check.minLength, "maxLength", check.maxLength) };
    case "instant":
      return { type: "string", pattern: ISO_INSTANT_PATTERN };
    case "numericText":
      return { type: "string", pattern: NUMERIC_TEXT_PATTERN };
    case "pattern":
      return { type: "string", pattern: check.source };
    case "number":
      return numberSchema(check.integer, check.bounds);
    case "oneOf":
      return { enum: check.values };
    case "array":
      return { type: "array", ...limits("minItems", check.minLength, "maxItems", check.maxLength) };
    case "object":
      return objectSchema(check.members);
    case "anyOf":
      return { anyOf: check.options.map(checkJsonSchema) };
    default:
      return check satisfies never;
  }
}

/** A schema, or null. */
export function orNull(schema: JsonObject): JsonObject {
  return { anyOf: [schema, { type: "null" }] };
}

function limits(minName: string, min: number, maxName: string, max: number | null): JsonObject {
  if (max !== null && max < 0) return { not: {} };
  return { ...(min > 0 ? { [minName]: min } : {}), ...(max === null ? {} : { [maxName]: max }) };
}

function numberSchema(integer: boolean, bounds: readonly NumberBound[]): JsonObject {
  const type = integer
    ? { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }
    : { type: "number" };
  return bounds.length === 0 ? type : { ...type, allOf: bounds.map(boundSchema) };
}

function boundSchema({ side, value, inclusive }: NumberBound): JsonObject {
  if (side === "min") return inclusive ? { minimum: value } : { exclusiveMinimum: value };
  return inclusive ? { maximum: value } : { exclusiveMaximum: value };
}

function objectSchema(members: readonly MemberCheck[]): JsonObject {
  return {
    type: "object",
    properties: Object.fromEntries(
      members.map(({ name, required, check }) => {
        const own = checkJsonSchema(check);
        return [name, required ? own : orNull(own)];
      }),
    ),
    required: members.filter((member) => member.required).map((member) => member.name),
  };
}
