import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { AnySchemaObject, ValidateFunction } from "ajv";
import { CliError } from "../cli-error.ts";

/** A JSON Schema of a folder, ready to check records. */
export interface LoadedSchema {
  /** The name of its file. */
  readonly file: string;
  /** The name without `.schema.json` or `.json`, such as `task-spec`. */
  readonly stem: string;
  /** SHA-256 of its text. */
  readonly hash: string;
  readonly validate: ValidateFunction;
}

/**
 * Reads the JSON Schemas (draft-07) of a folder. They may refer to each other by `$id` or by the name of the file.
 * @throws CliError USAGE_INVALID with every file that is no such schema
 */
export async function loadSchemas(folder: string): Promise<LoadedSchema[]> {
  const names = (await listFolder(folder)).filter((name) => name.endsWith(".json")).sort();
  const problems: string[] = [];
  const texts = new Map<string, { readonly schema: AnySchemaObject; readonly text: string }>();
  for (const name of names) {
    const text = await readFile(join(folder, name), "utf8");
    const schema = parseSchema(text);
    if (schema === null) problems.push(`${name}: expected a JSON object, found something else`);
    else texts.set(name, { schema, text });
  }
  const { Ajv } = await import("ajv");
  const ajv = new Ajv({ strict: false, allErrors: false, logger: false });
  const formats = (await import("ajv-formats")).default;
  formats.default(ajv);
  for (const [name, { schema }] of texts) {
    try {
      ajv.addSchema(schema, name);
    } catch (error) {
      problems.push(`${name}: ${messageOf(error)}`);
    }
  }
  const loaded: LoadedSchema[] = [];
  for (const [name, { text }] of texts) {
    try {
      const validate = ajv.getSchema(name);
      if (validate === undefined) continue;
      const hash = createHash("sha256").update(text).digest("hex");
      loaded.push({ file: name, stem: basename(name).replace(/(?:\.schema)?\.json$/, ""), hash, validate });
    } catch (error) {
      problems.push(`${name}: ${messageOf(error)}`);
    }
  }
  if (problems.length === 0 && loaded.length > 0) return loaded;
  const found = problems.length === 0 ? "no file that ends in .json" : `\n  ${problems.join("\n  ")}`;
  throw new CliError("USAGE_INVALID", `Expected JSON Schemas (draft-07) in ${folder}, found ${found}`);
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new CliError("USAGE_INVALID", `Expected a folder of JSON Schemas at ${folder}: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

function parseSchema(text: string): AnySchemaObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
