import { DRAFT, type JsonSchema } from "../json-schema.ts";
import { type Profile, valuesIn } from "./field-profile.ts";
import { JSON_KINDS } from "./json-kind.ts";

/** The JSON Schema (draft 2020-12) that the records of a profile fit, as narrow as their types say. */
export function observedJsonSchema({ records, fields }: Profile, title: string): JsonSchema {
  return {
    $schema: DRAFT,
    title,
    type: "object",
    properties: Object.fromEntries(
      fields.map(({ name, kinds }) => [
        name,
        { anyOf: JSON_KINDS.filter((kind) => (kinds[kind] ?? 0) > 0).map((type) => ({ type })) },
      ]),
    ),
    required: fields.filter((field) => valuesIn(field) === records).map(({ name }) => name),
  };
}
