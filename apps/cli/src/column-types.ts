import { stat } from "node:fs/promises";
import type { Dataset } from "@medallion/schema";
import type { ColumnType } from "@medallion/schema/contract";
import type { Config } from "./config/config.ts";
import { findStream } from "./streams.ts";

const CSV_ENDING = /\.csv(?:\.gz)?$/i;

/** Whether CSV may be among the sources, so that the types of its columns are needed. */
export async function mayBeCsv(paths: readonly string[], format: "json" | "csv" | undefined): Promise<boolean> {
  if (format !== undefined) return format === "csv";
  for (const path of paths) {
    if (CSV_ENDING.test(path)) return true;
    const status = await stat(path).catch(() => null);
    if (status?.isDirectory() === true) return true;
  }
  return false;
}

/** The types of a data set's fields, by every name under which they may stand in a record. */
export async function columnTypes(config: Config, name: string): Promise<Record<string, ColumnType>> {
  const { configuredDatasets } = await import("./config/datasets.ts");
  const { columnType } = await import("@medallion/schema/contract");
  const dataset: Dataset = findStream(await configuredDatasets(config), name);
  const types = dataset.fields.flatMap(({ sources, check }) =>
    sources.map((source): [string, ColumnType] => [source, columnType(check)]),
  );
  return Object.fromEntries(types.reverse());
}
