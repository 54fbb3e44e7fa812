import type { Config } from "../config/config.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { type WithSchemas, withJsonSchemas } from "./apply.ts";

/**
 * The data sets of a configuration, with the JSON Schemas that are in force among their rules.
 * @param folder of the JSON Schemas; default: that of the configuration, if it names one
 * @throws CliError USAGE_INVALID when the folder has something else than JSON Schemas of draft-07
 */
export async function configuredRules(config: Config, folder = config.schemas?.folder): Promise<WithSchemas> {
  const datasets = await configuredDatasets(config);
  if (folder === undefined) return { datasets, schemas: [] };
  return await withJsonSchemas(datasets, folder, config.schemas?.severity ?? "warn");
}
