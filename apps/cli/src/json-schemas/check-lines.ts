import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BRONZE_FIELDS } from "@medallion/schema/contract";
import type { BronzeRange } from "@medallion/silver";
import { linesOf } from "../lines.ts";
import type { DatasetSchemas } from "./apply.ts";

/**
 * Checks the records of bronze ranges against JSON Schemas. Writes a file of JSON lines, one for each bronze line that
 * fails: its SHA-256 as `digest`, and a reason under the id of each rule that it breaks.
 */
export async function writeViolations(
  ranges: readonly BronzeRange[],
  schemas: DatasetSchemas["schemas"],
  target: string,
): Promise<void> {
  await pipeline(Readable.from(violations(ranges, schemas)), createWriteStream(target));
}

async function* violations(ranges: readonly BronzeRange[], schemas: DatasetSchemas["schemas"]): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const { source, file, measured } of ranges) {
    for await (const line of linesOf(source.path, measured.to - file.from)) {
      const broken = violationsOf(line, source.part ?? null, schemas);
      if (broken === null) continue;
      const digest = createHash("sha256").update(line).digest("hex");
      if (seen.has(digest)) continue;
      seen.add(digest);
      yield `${JSON.stringify({ digest, ...broken })}\n`;
    }
  }
}

function violationsOf(
  line: string,
  part: string | null,
  schemas: DatasetSchemas["schemas"],
): Record<string, string> | null {
  const record = recordOf(line);
  if (record === null) return null;
  const type = Object.hasOwn(record, "event_type") ? record.event_type : part;
  const broken: [string, string][] = [];
  for (const { rule, schema, eventType } of schemas) {
    if ((eventType !== null && eventType !== type) || schema.validate(record)) continue;
    const [error] = schema.validate.errors ?? [];
    broken.push([rule, `${schema.file}: ${error?.instancePath || "the record"} ${error?.message ?? "does not fit"}`]);
  }
  return broken.length === 0 ? null : Object.fromEntries(broken);
}

/** The record of a bronze line, without the fields that bronze added; null for what is no object. */
function recordOf(line: string): Record<string, unknown> | null {
  const outer = parseObject(line);
  if (outer === null) return null;
  if (typeof outer.raw === "string" && outer.layer === "bronze") {
    return Object.hasOwn(outer, "raw_error") ? null : parseObject(outer.raw);
  }
  const added = new Set<string>(BRONZE_FIELDS);
  return Object.fromEntries(Object.entries(outer).filter(([name]) => !added.has(name)));
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : null;
  } catch {
    return null;
  }
}
