import { isObject, type JsonObject } from "../../json-object.ts";

/** A JSON Schema, or part of one. */
export type Schema = JsonObject | boolean;

/** Keywords that say nothing about which values are accepted. */
const ANNOTATIONS = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated"];
/** Keywords whose members are schemas by names of the data. */
const MAPS = ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
/** Keywords whose values are schemas, or lists of them. */
const SCHEMAS = ["anyOf", "allOf", "oneOf", "not", "items", "additionalProperties", "prefixItems", "contains"];

/** The keywords of a schema that decide which values are accepted. */
export function meaning(schema: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !ANNOTATIONS.includes(key)));
}

/** The text of a schema, in which the order of keywords and annotations make no difference. */
export function canonical(schema: unknown): string {
  if (Array.isArray(schema)) return `[${schema.map(canonical).join(",")}]`;
  if (!isObject(schema)) return plainText(schema);
  const members = Object.entries(meaning(schema)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${canonicalValue(key, value)}`).join(",")}}`;
}

/** The text of a keyword's value, in which only the order of lists makes a difference. */
export function canonicalValue(keyword: string, value: unknown): string {
  if (SCHEMAS.includes(keyword)) return canonical(value);
  if (!MAPS.includes(keyword) || !isObject(value)) return plainText(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, schema]) => `${JSON.stringify(name)}:${canonical(schema)}`).join(",")}}`;
}

/** JSON text with sorted keys; `undefined` for what is none. */
export function plainText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainText).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? "undefined";
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${plainText(member)}`).join(",")}}`;
}
