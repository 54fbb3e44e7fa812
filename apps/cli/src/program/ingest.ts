import { type Command, Option } from "commander";
import type { ImportCommandOptions } from "../commands/import.ts";
import type { IngestCommandOptions } from "../commands/ingest.ts";
import { seconds, withLake } from "./options.ts";

/** `medallion import` */
export function defineImport(root: Command): void {
  withLake(root.command("import"))
    .argument("<folder>", "the lake of the older shell pipeline, such as coordination/medallion")
    .option("--wait <seconds>", "wait this long for another import or ingestion to end", seconds, 0)
    .description("Bring in the bronze of a lake that the older shell pipeline made. Done twice, it adds nothing.")
    .action(async (folder: string, options: ImportCommandOptions) => {
      const { importOldLake } = await import("../commands/import.ts");
      await importOldLake(folder, options);
    });
}

/** `medallion ingest` */
export function defineIngest(root: Command): void {
  withLake(root.command("ingest"))
    .argument("<data set>", "tasks, lineage, events, metrics, or one of the configuration's own")
    .argument("[path...]", "files or folders of JSON, JSON Lines or CSV, gzipped or not; - for standard input")
    .option("--records <key>", 'take the records out of the arrays under a key, such as {"tasks": […]}, at any depth')
    .option("--data <json>", "keep this one record")
    .option("--type <name>", "events: their type, where they do not say it; lineage makes them lineage")
    .option("--master <name>", "metrics: their master, where they do not say it")
    .option("--part <name>", "data sets of the configuration: the name that stands in for their field")
    .option("--new", "take only what is new: files not seen with this content, and lines added to files that were")
    .option("--wait <seconds>", "with --new: wait this long for another one to end", seconds, 0)
    .addOption(
      new Option("--format <format>", "what the sources hold (default: by their names)").choices(["json", "csv"]),
    )
    .description("Keep records in bronze, as they are.")
    .addHelpText(
      "after",
      `
Examples:
  $ medallion ingest tasks coordination/tasks
  $ medallion ingest tasks coordination/task-queue.json --records tasks
  $ medallion ingest events --type heartbeat --data '{"worker_id":"w-1"}'
  $ medallion ingest metrics --master security-master metrics.csv
  $ medallion ingest tasks --new coordination/tasks      # from cron
  $ zcat old.jsonl.gz | medallion ingest tasks -`,
    )
    .action(async (dataset: string, paths: string[], options: IngestCommandOptions) => {
      const { ingestRecords } = await import("../commands/ingest.ts");
      await ingestRecords(dataset, paths, options);
    });
}
