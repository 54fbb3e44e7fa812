import type { Command } from "commander";
import type { CommonOptions } from "../common-options.ts";
import { withLake } from "./options.ts";

/** `medallion ingest` */
export function defineIngest(root: Command): void {
  const ingest = root.command("ingest").description("Keep records in bronze, as they are.").exitOverride();
  withLake(ingest.command("tasks"))
    .argument("<path...>", "files or folders of JSON, JSON Lines or gzip; - for standard input")
    .option("--records <key>", 'take the records out of the arrays under a key, such as {"tasks": […]}, at any depth')
    .description(
      "Keep tasks in bronze: JSON (one document or many), JSON Lines, gzipped or not, from files and folders.",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ medallion ingest tasks coordination/tasks
  $ medallion ingest tasks coordination/task-queue.json --records tasks
  $ zcat old.jsonl.gz | medallion ingest tasks -`,
    )
    .action(async (paths: string[], options: CommonOptions & { readonly records?: string }) => {
      const { ingestRecords } = await import("../commands/ingest.ts");
      await ingestRecords("tasks", paths, options);
    });
}
