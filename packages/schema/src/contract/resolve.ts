import { z } from "zod";
import type { Dataset } from "./dataset.ts";

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * The record as the contract reads it: each field from its own name or, where that is absent or null, from the first
 * of its fall-backs that is there. Null counts as absent, also in nested objects that the contract describes. A
 * present value is never replaced, however wrong it is.
 *
 * @param ingestedAt what bronze gave as `ingested_at`, the last fall-back of most time fields
 */
export function resolveRecord(dataset: Dataset, record: JsonObject, ingestedAt: string | null): JsonObject {
  const resolved: Record<string, unknown> = Object.create(null);
  for (const field of dataset.fields) {
    for (const source of field.sources) {
      const value = source === "ingested_at" ? ingestedAt : ownValue(record, source);
      if (value === undefined || value === null) continue;
      resolved[field.name] = withoutNulls(dataset.record.shape[field.name], value);
      break;
    }
  }
  return resolved;
}

function ownValue(record: JsonObject, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Drops null members of an object along the shape that its schema describes; all else stays as it is. */
function withoutNulls(schema: z.core.$ZodType | undefined, value: unknown): unknown {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject) || typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  const kept: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(value)) {
    const declared: z.core.$ZodType | undefined = Object.hasOwn(inner.shape, name) ? inner.shape[name] : undefined;
    if (declared !== undefined && member === null) continue;
    kept[name] = withoutNulls(declared, member);
  }
  return kept;
}

function unwrap(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly) {
    return unwrap(schema.def.innerType);
  }
  return schema;
}
