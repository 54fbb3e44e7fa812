import { z } from "zod";
import { day } from "../gold/parts.ts";
import { JSON_KINDS, type JsonKind } from "./json-kind.ts";

/** At most so many names that the contract does not know are kept: the first in the order of their UTF-8 bytes. */
export const MOST_UNKNOWN_FIELDS = 200;

const number = z.number().int().positive();

/** A top-level field and the JSON types of its values. */
const profiledField = z.strictObject({
  name: z.string(),
  /** How many records have a value of each type; types that no record has are left out. */
  kinds: z.strictObject({
    string: number.optional(),
    number: number.optional(),
    boolean: number.optional(),
    object: number.optional(),
    array: number.optional(),
    null: number.optional(),
  }),
});

/** `silver/profiles/<data set>/YYYYMMDD.json`: what the records of a day look like, whatever the rules say of them. */
export const fieldProfile = z.strictObject({
  dataset: z.string(),
  date: day,
  layer: z.literal("silver"),
  /** The records that are JSON objects without a repeated key, duplicates and quarantined ones included. */
  records: number,
  /** In the order of the UTF-8 bytes of their names. */
  fields: z.array(profiledField),
  /** Whether there are more unknown names than are kept, or names that are empty, long or hold control characters. */
  more_fields: z.boolean(),
});

/** What the records of a day look like. */
export type FieldProfile = z.infer<typeof fieldProfile>;
/** A top-level field and the JSON types of its values. */
export type ProfiledField = z.infer<typeof profiledField>;

/** Fields and records, of one day or of several. */
export type Profile = Pick<FieldProfile, "records" | "fields" | "more_fields">;

/** The profile of no records, to which others are added. */
export const NO_PROFILE: Profile = { records: 0, fields: [], more_fields: false };

/**
 * Adds up profiles. Which unknown names are kept does not depend on how records were spread over profiles.
 * @param known the names that the contract reads, which are always kept
 */
export function addProfiles(a: Profile, b: Profile, known: readonly string[]): Profile {
  const sums = new Map<string, Map<JsonKind, number>>();
  for (const { name, kinds } of [...a.fields, ...b.fields]) {
    const counts = sums.get(name) ?? new Map<JsonKind, number>();
    sums.set(name, counts);
    for (const kind of JSON_KINDS) counts.set(kind, (counts.get(kind) ?? 0) + (kinds[kind] ?? 0));
  }
  const names = [...sums.keys()].sort(byBytes);
  const unknown = names.filter((name) => !known.includes(name));
  const dropped = new Set(unknown.slice(MOST_UNKNOWN_FIELDS));
  return {
    records: a.records + b.records,
    fields: names.flatMap((name) =>
      dropped.has(name) ? [] : [profiled(name, (kind) => sums.get(name)?.get(kind) ?? 0)],
    ),
    more_fields: a.more_fields || b.more_fields || dropped.size > 0,
  };
}

/** A field with the types of which there are any. */
export function profiled(name: string, countOf: (kind: JsonKind) => number): ProfiledField {
  const kinds = JSON_KINDS.flatMap((kind) => (countOf(kind) > 0 ? [[kind, countOf(kind)] as const] : []));
  return { name, kinds: Object.fromEntries(kinds) };
}

/** How many records have the field, be it null. */
export function presentIn({ kinds }: ProfiledField): number {
  return JSON_KINDS.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0);
}

/** How many records have a value in the field. */
export function valuesIn(field: ProfiledField): number {
  return presentIn(field) - (field.kinds.null ?? 0);
}

/** The types of a field's values that are not null. */
export function typesOf(field: ProfiledField | undefined): JsonKind[] {
  return JSON_KINDS.filter((kind) => kind !== "null" && (field?.kinds[kind] ?? 0) > 0);
}

/** The order of texts by their UTF-8 bytes, which is that of engines. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
