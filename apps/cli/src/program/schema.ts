import type { Command } from "commander";
import type { ExportSchemasOptions } from "../commands/schema/export.ts";
import { withConfig } from "./options.ts";

/** `medallion schema` */
export function defineSchema(root: Command): void {
  const schema = root
    .command("schema")
    .description("See what records look like, how that changed, and what the contracts say.")
    .exitOverride();
  withConfig(schema.command("export"))
    .option("--out <folder>", "write here; the folder is made where it is missing", "schemas")
    .description("Write the JSON Schema (draft 2020-12) of every data set's record and of every document.")
    .addHelpText("after", "\nExamples:\n  $ medallion schema export --out build/schemas")
    .action(async (options: ExportSchemasOptions) => {
      const { exportSchemas } = await import("../commands/schema/export.ts");
      await exportSchemas(options);
    });
}
