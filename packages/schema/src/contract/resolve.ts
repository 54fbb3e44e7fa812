import { type JsonObject, ownValue } from "../json-object.ts";
import { alignAbsent } from "./absent.ts";
import type { Dataset } from "./dataset.ts";
import { GIVEN_PART } from "./layer-fields.ts";

/**
 * The record as the contract reads it: each field from its own name or, where that is absent or null, from the first
 * of its fall-backs that is there. Null counts as absent, also in nested objects that the contract describes. A
 * present value is never replaced, however wrong it is. Fields that are absent, and those that the contract does not
 * name, are left out; the result has no prototype.
 *
 * @param record the record, as `JSON.parse` gives it
 * @param ingestedAt what bronze gave as `ingested_at`, the last fall-back of most time fields; null when it gave none.
 *   A field `ingested_at` of the record itself is never read
 * @param part the name given at ingestion, such as an event type; null when none was
 */
export function resolveRecord(
  dataset: Dataset,
  record: JsonObject,
  ingestedAt: string | null,
  part: string | null = null,
): JsonObject {
  const given = { ingestedAt, part };
  const resolved: Record<string, unknown> = Object.create(null);
  for (const { name, sources } of dataset.fields) {
    const schema = ownValue(dataset.record.shape, name);
    const source = presentSource(sources, record, given);
    if (schema === undefined || source === undefined) continue;
    resolved[name] = alignAbsent(schema, readSource(source, record, given));
  }
  return resolved;
}

/** What bronze knows of a record beside its text. */
export interface Given {
  readonly ingestedAt: string | null;
  readonly part: string | null;
}

/** The first of a field's names under which the record has a value that is not null. */
export function presentSource(sources: readonly string[], record: JsonObject, given: Given): string | undefined {
  return sources.find((source) => (readSource(source, record, given) ?? null) !== null);
}

function readSource(source: string, record: JsonObject, given: Given): unknown {
  if (source === "ingested_at") return given.ingestedAt;
  return source === GIVEN_PART ? given.part : ownValue(record, source);
}
