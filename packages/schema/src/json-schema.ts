import { z } from "zod";
import type { Dataset } from "./contract/dataset.ts";
import type { JsonObject } from "./contract/resolve.ts";
import { ISO_INSTANT_FORMAT, ISO_INSTANT_PATTERN } from "./instant.ts";

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = JsonObject;

/**
 * The JSON Schema (draft 2020-12) of the records that a data set accepts: every name under which a field is looked for,
 * null for absent, unknown fields allowed. It is generated from the zod schema.
 */
export function recordJsonSchema(dataset: Dataset): JsonSchema {
  const properties: Record<string, unknown> = {};
  const required: JsonObject[] = [];
  for (const field of dataset.fields) {
    const schema = dataset.record.shape[field.name];
    if (schema === undefined) continue;
    const own = toJsonSchema(schema);
    for (const source of field.sources) properties[source] ??= source === field.name ? own : orNull(own);
    properties[field.name] = field.required && field.sources.length > 1 ? orNull(own) : own;
    const given = field.sources.filter((source) => source !== "ingested_at");
    if (field.required && given.length === field.sources.length) {
      required.push({
        anyOf: given.map((source) => ({ required: [source], properties: { [source]: { not: { type: "null" } } } })),
      });
    }
  }
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `${dataset.name} ${dataset.version}`,
    type: "object",
    properties,
    ...(required.length > 0 ? { allOf: required } : {}),
  };
}

/** The JSON Schema (draft 2020-12) of any zod schema of this package, with instants as a pattern. */
export function toJsonSchema(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== ISO_INSTANT_FORMAT) return;
      delete jsonSchema.format;
      jsonSchema.pattern = ISO_INSTANT_PATTERN;
    },
  });
  return rest;
}

function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: "null" }] };
}
