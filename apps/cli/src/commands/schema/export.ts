import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type JsonSchema, recordJsonSchema, toJsonSchema } from "@medallion/schema";
import { goldDocuments } from "@medallion/schema/gold";
import { CliError } from "../../cli-error.ts";
import { configuredDatasets } from "../../config/datasets.ts";
import { type ConfigOptions, loadConfig } from "../../config/load-config.ts";
import { counted, type OutputOptions, printResult } from "../../terminal.ts";
import { replacing } from "../export/replacing.ts";

export interface ExportSchemasOptions extends ConfigOptions, OutputOptions {
  readonly out: string;
}

/** `medallion schema export` */
export async function exportSchemas(options: ExportSchemasOptions): Promise<void> {
  const datasets = await configuredDatasets(await loadConfig(options));
  const folder = resolve(options.out);
  const files = new Map<string, JsonSchema>();
  for (const dataset of datasets) files.set(`${dataset.name}.schema.json`, recordJsonSchema(dataset));
  for (const { name, title, schema } of goldDocuments) {
    const { $schema, ...rest } = toJsonSchema(schema);
    files.set(`gold-${name}.schema.json`, { $schema, title, ...rest });
  }
  await makeFolder(folder);
  for (const [name, schema] of files) {
    const text = `${JSON.stringify(schema, null, 2)}\n`;
    await replacing(join(folder, name), ({ writing }) =>
      writing(async (target) => {
        target.write(text);
      }),
    );
  }
  const names = [...files.keys()];
  printResult(options, { folder, files: names }, [
    `Wrote ${counted(names.length, "JSON Schema")} to ${options.out}:`,
    ...names.map((name) => `  ${name}`),
  ]);
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError("FILE_NOT_WRITTEN", `The folder ${folder} cannot be made: ${reason}.`, { cause });
  }
}
