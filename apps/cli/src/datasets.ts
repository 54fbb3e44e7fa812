import type { Dataset } from "@medallion/schema";
import { configuredDatasets } from "./config/datasets.ts";
import { type ConfigOptions, loadConfig } from "./config/load-config.ts";

/** All data sets: those that Medallion knows and the configuration's own, with its severities. */
export async function allDatasets(options: ConfigOptions): Promise<readonly Dataset[]> {
  return configuredDatasets(await loadConfig(options));
}
