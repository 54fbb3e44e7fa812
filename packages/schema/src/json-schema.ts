import { z } from "zod";
import { checkJsonSchema, orNull } from "./check-json-schema.ts";
import { unwrapOptional } from "./contract/absent.ts";
import type { Dataset } from "./contract/dataset.ts";
import type { DatasetField } from "./contract/field.ts";
import { GIVEN_PART } from "./contract/layer-fields.ts";
import { isInstantSchema } from "./instant.ts";
import { ISO_INSTANT_PATTERN } from "./instant-text.ts";
import { type JsonObject, ownValue } from "./json-object.ts";

/** A JSON Schema document, draft 2020-12. */
export type JsonSchema = JsonObject;

/** The draft that the schemas of this package are written in. */
export const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/**
 * The JSON Schema (draft 2020-12) of the records of which a data set accepts every field: `checkRecord` finds no rule
 * `required` or `valid` broken. Fall-backs are read as silver reads them, null counts as absent, unknown fields are
 * allowed. It is made from the zod schema by way of its field checks; descriptions are those of the zod schema.
 *
 * A JSON Schema cannot tell whether a date exists, nor whether text spells a number that a double can hold (`"1e999"`); in
 * these it differs.
 */
export function recordJsonSchema(dataset: Dataset): JsonSchema {
  const { fields } = dataset;
  const single = fields.filter((field) => field.sources.length === 1);
  const others = fields.filter((field) => field.sources.length > 1);
  const properties = fields.map((field) => {
    const own = checkJsonSchema(field.check);
    const mayBeNull = !field.required || field.sources.length > 1;
    return [field.name, { ...describedBy(dataset, field), ...(mayBeNull ? orNull(own) : own) }] as const;
  });
  return {
    $schema: DRAFT,
    title: `${dataset.name} ${dataset.version}`,
    type: "object",
    properties: Object.fromEntries(properties),
    required: single.filter((field) => field.required).map((field) => field.name),
    ...(others.length > 0 ? { allOf: others.map(firstPresentFits) } : {}),
  };
}

/** The first of a field's sources that is there fits; none is there only where the field is optional. */
function firstPresentFits({ sources, check, required }: DatasetField): JsonSchema {
  const own = checkJsonSchema(check);
  const choices: JsonSchema[] = [];
  const absent: [string, JsonSchema][] = [];
  for (const source of sources) {
    if (source === "ingested_at" || source === GIVEN_PART) return { anyOf: [...choices, members(absent)] };
    const fits = check.kind === "any" ? { not: { type: "null" } } : own;
    choices.push({ ...members([...absent, [source, fits]]), required: [source] });
    absent.push([source, { type: "null" }]);
  }
  return { anyOf: required ? choices : [...choices, members(absent)] };
}

function members(properties: readonly (readonly [string, JsonSchema])[]): JsonSchema {
  return { properties: Object.fromEntries(properties) };
}

function describedBy(dataset: Dataset, { name }: DatasetField): JsonSchema {
  const schema = ownValue(dataset.record.shape, name);
  if (schema === undefined) return {};
  const { description } = z.globalRegistry.get(schema) ?? z.globalRegistry.get(unwrapOptional(schema)) ?? {};
  return description === undefined ? {} : { description };
}

/**
 * The JSON Schema (draft 2020-12) of a document, such as `dailyAnalytics`, with instants as a pattern.
 *
 * @throws Error by zod, for a schema that no JSON Schema can stand for, such as `z.date()`
 */
export function toJsonSchema(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    override: ({ zodSchema, jsonSchema }) => {
      if (!isInstantSchema(zodSchema)) return;
      delete jsonSchema.format;
      jsonSchema.pattern = ISO_INSTANT_PATTERN;
    },
  });
}
