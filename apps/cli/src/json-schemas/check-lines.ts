import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BRONZE_FIELDS } from "@medallion/schema/contract";
import type { BronzeRange } from "@medallion/silver";
import { type JsonObject, parseJsonObject } from "../json-object.ts";
import { linesOf } from "../lines.ts";
import type { DatasetSchemas } from "./apply.ts";

/** The ids of rules that were checked here, and the absolute path of the file with the lines that break them. */
export interface CheckedLines {
  readonly rules: readonly string[];
  readonly path: string;
}

/**
 * Checks the records of bronze ranges against the JSON Schemas of their data set.
 * @param all the schemas of all data sets
 * @param target a file to write, of JSON lines, one for each bronze line that fails: its SHA-256 as `digest`, and a reason
 *   under the id of each rule that it breaks
 * @returns what a promotion is told of it; null when the data set has no JSON Schema, and then no file is written
 */
export async function checkLines(
  dataset: string,
  ranges: readonly BronzeRange[],
  all: readonly DatasetSchemas[],
  target: string,
): Promise<CheckedLines | null> {
  const schemas = all.find((item) => item.dataset === dataset)?.schemas ?? [];
  if (schemas.length === 0) return null;
  await pipeline(Readable.from(violations(ranges, schemas)), createWriteStream(target));
  return { rules: schemas.map(({ rule }) => rule), path: target };
}

async function* violations(ranges: readonly BronzeRange[], schemas: DatasetSchemas["schemas"]): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (const { source, file, measured } of ranges) {
    for await (const line of linesOf(source.path, { to: measured.to - file.from })) {
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
function recordOf(line: string): JsonObject | null {
  const outer = parseJsonObject(line);
  if (outer === null) return null;
  if (typeof outer.raw === "string" && outer.layer === "bronze") {
    return Object.hasOwn(outer, "raw_error") ? null : parseJsonObject(outer.raw);
  }
  const added = new Set<string>(BRONZE_FIELDS);
  return Object.fromEntries(Object.entries(outer).filter(([name]) => !added.has(name)));
}
