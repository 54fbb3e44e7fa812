import type { Command } from "commander";
import type { ExportSchemasOptions } from "../commands/schema/export.ts";
import type { ProposeOptions } from "../commands/schema/propose.ts";
import type { CommonOptions } from "../common-options.ts";
import { count, withConfig, withLake } from "./options.ts";

/** `medallion schema` */
export function defineSchema(root: Command): void {
  const schema = root
    .command("schema")
    .description("Show the fields of records, how they change, and the contracts as JSON Schema.");
  withLake(schema.command("history"))
    .argument("<data set>", "such as tasks")
    .description("Show by day which fields appeared, vanished or changed, compared with the seven days before.")
    .addHelpText("after", "\nExamples:\n  $ medallion schema history tasks\n  $ medallion schema history tasks --json")
    .action(async (dataset: string, options: CommonOptions) => {
      const { schemaHistory } = await import("../commands/schema/history.ts");
      await schemaHistory(dataset, options);
    });
  withLake(schema.command("propose"))
    .argument("<data set>", "such as tasks")
    .option("--days <count>", "look at this many of the last days", count, 7)
    .option("--diff", "print a unified diff against the present contract")
    .description("Print a zod schema with the fields and types that records have and the contract lacks.")
    .addHelpText("after", "\nExamples:\n  $ medallion schema propose tasks --diff")
    .action(async (dataset: string, options: ProposeOptions) => {
      const { proposeSchema } = await import("../commands/schema/propose.ts");
      await proposeSchema(dataset, options);
    });
  withLake(schema.command("diff"))
    .argument("<old>", "a file of JSON Schema, a data set, or one of its days: tasks@20251127")
    .argument("<new>", "the same")
    .description(
      "Say, rule by rule, whether a schema change is backward compatible, forward compatible, both or neither.",
    )
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion schema diff old/tasks.schema.json tasks\n  $ medallion schema diff tasks@20251126 tasks@yesterday",
    )
    .action(async (before: string, after: string, options: CommonOptions) => {
      const { diffSchemas } = await import("../commands/schema/diff.ts");
      await diffSchemas(before, after, options);
    });
  withConfig(schema.command("export"))
    .option("--out <folder>", "write here; a missing folder is made", "schemas")
    .description("Write the JSON Schema (draft 2020-12) of every data set's record and of every document.")
    .addHelpText("after", "\nExamples:\n  $ medallion schema export --out build/schemas")
    .action(async (options: ExportSchemasOptions) => {
      const { exportSchemas } = await import("../commands/schema/export.ts");
      await exportSchemas(options);
    });
}
