import { readFile } from "node:fs/promises";
import type { Lake } from "@medallion/lake";
import { parseDay } from "@medallion/lake/time";
import { type Dataset, type JsonSchema, recordJsonSchema } from "@medallion/schema";
import { diffJsonSchemas, observedJsonSchema, type SchemaChange } from "@medallion/schema/evolution";
import { readProfile } from "@medallion/silver";
import { CliError } from "../../cli-error.ts";
import type { CommonOptions } from "../../common-options.ts";
import { configuredDatasets } from "../../config/datasets.ts";
import { loadConfig } from "../../config/load-config.ts";
import { openConfiguredLake } from "../../config/open-lake.ts";
import { findStream } from "../../streams.ts";
import { counted, printResult } from "../../terminal.ts";

const MEANING = {
  full: "compatible both ways",
  backward: "backward compatible: what the first accepts, the second accepts, too",
  forward: "forward compatible: what the second accepts, the first accepts, too",
  none: "not compatible",
} as const;

/** `medallion schema diff A B` */
export async function diffSchemas(first: string, second: string, options: CommonOptions): Promise<void> {
  const datasets = await configuredDatasets(await loadConfig(options));
  const before = await readSchema(first, datasets, options);
  const after = await readSchema(second, datasets, options);
  const { compatibility, changes } = diffJsonSchemas(before, after);
  printResult(options, { compatibility, changes }, [
    changes.length === 0
      ? "The schemas accept the same."
      : `${counted(changes.length, "difference")}, ${MEANING[compatibility]}.`,
    ...changes.map((change) => `  ${change.path}: ${change.change} (${waysOf(change)})`),
  ]);
}

function waysOf({ backward, forward }: SchemaChange): string {
  if (backward) return forward ? "compatible" : "backward compatible";
  return forward ? "forward compatible" : "not compatible";
}

/** A file of JSON Schema, a data set's contract, or what the records of a data set's day look like. */
async function readSchema(named: string, datasets: readonly Dataset[], options: CommonOptions): Promise<JsonSchema> {
  const [, name, date] = /^([a-z][a-z0-9_]*)(?:@(.+))?$/.exec(named) ?? [];
  if (name !== undefined && date !== undefined) {
    const { lake } = await openConfiguredLake(options);
    return await observedSchema(lake, findStream(datasets, name), date);
  }
  const dataset = datasets.find((known) => known.name === name);
  return dataset === undefined ? await readSchemaFile(named) : recordJsonSchema(dataset);
}

async function observedSchema(lake: Lake, dataset: Dataset, date: string): Promise<JsonSchema> {
  const day = parseDay(date, lake);
  const profile = await readProfile(lake, dataset.name, day);
  if (profile !== null) return observedJsonSchema(profile, `${dataset.name} ${day}`);
  throw new CliError(
    "USAGE_INVALID",
    `Expected a day of ${dataset.name} with records, found ${day}, of which none was read.`,
  );
}

async function readSchemaFile(file: string): Promise<JsonSchema> {
  const refused = (found: string, cause?: unknown) =>
    new CliError(
      "USAGE_INVALID",
      `Expected a file of JSON Schema, a data set such as tasks, or one of its days such as tasks@20251127, found ${JSON.stringify(file)}, ${found}.`,
      { cause },
    );
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw refused("which cannot be read as a file", error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused("which holds no JSON", error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refused("which holds no JSON object");
  return Object.fromEntries(Object.entries(value));
}
