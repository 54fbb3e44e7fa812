import { fieldsOf, type ValueRange } from "../json/walk.ts";

const RAW_KEYS = new Set(["raw", "raw_base64"]);
const ADDED_KEYS = new Set([...RAW_KEYS, "raw_error", "ingested_at", "layer", "source_file"]);

/** The fields that bronze adds, as they stand in a record that was in bronze before. */
export interface BronzeFields {
  readonly ingestedAt: string;
  readonly hasLayer: boolean;
  readonly hasSource: boolean;
  /** The record holds text that is no record itself. */
  readonly isRaw: boolean;
}

/** Null where the fields are not what bronze writes: `ingested_at` missing, one of them there twice, or another layer. */
export function bronzeFieldsOf(bytes: Buffer, start: number, end: number): BronzeFields | null {
  const values = new Map<string, unknown>();
  let isRaw = false;
  let addedOnly = true;
  for (const { key, value } of fieldsOf(bytes, start, end)) {
    const name = String(parse(bytes, { start: key.start - 1, end: key.end + 1 }));
    if (RAW_KEYS.has(name)) isRaw = true;
    if (!ADDED_KEYS.has(name)) addedOnly = false;
    if (name !== "ingested_at" && name !== "layer" && name !== "source_file") continue;
    if (values.has(name)) return null;
    values.set(name, parse(bytes, value));
  }
  const ingestedAt = values.get("ingested_at");
  const layer = values.get("layer") ?? "bronze";
  const source = values.get("source_file") ?? "";
  if (typeof ingestedAt !== "string" || layer !== "bronze" || typeof source !== "string") return null;
  return { ingestedAt, hasLayer: values.has("layer"), hasSource: values.has("source_file"), isRaw: isRaw && addedOnly };
}

function parse(bytes: Buffer, { start, end }: ValueRange): unknown {
  return JSON.parse(bytes.toString("utf8", start, end));
}
