import { type Command, Option } from "commander";
import type { ImportCommandOptions } from "../commands/import.ts";
import type { IngestCommandOptions } from "../commands/ingest.ts";
import { seconds, withLake } from "./options.ts";

/** `medallion import` */
export function defineImport(root: Command): void {
  withLake(root.command("import"))
    .argument("<folder>", "the lake of the older shell pipeline, such as coordination/medallion")
    .option("--wait <seconds>", "wait this long for another import or ingestion to end", seconds, 0)
    .description("Import the bronze of a lake made by the older shell pipeline. Importing twice adds nothing.")
    .addHelpText("after", "\nExamples:\n  $ medallion import /srv/old/coordination/medallion")
    .action(async (folder: string, options: ImportCommandOptions) => {
      const { importOldLake } = await import("../commands/import.ts");
      await importOldLake(folder, options);
    });
}

/** `medallion ingest` */
export function defineIngest(root: Command): void {
  withLake(root.command("ingest"))
    .argument("<data set>", "tasks, lineage, events, metrics, or a team's own")
    .argument("[path...]", "files or folders of JSON, JSON Lines or CSV, gzipped or not; - for standard input")
    .option("--records <key>", 'take the records out of the arrays under a key, such as {"tasks": […]}, at any depth')
    .option("--data <json>", "append this one record")
    .option("--type <name>", "events: the type of those that do not say it; lineage makes them lineage")
    .option("--master <name>", "metrics: the master of those that do not say it")
    .option("--part <name>", "a team's own data set: the value of its part, for records that do not say it")
    .option("--new", "take only what is new: files with content not seen before, and lines added to known files")
    .option("--wait <seconds>", "with --new: wait this long for another ingestion to end", seconds, 0)
    .addOption(
      new Option("--format <format>", "the form of the sources (default: by their names)").choices(["json", "csv"]),
    )
    .description("Append records to bronze, exactly as they are.")
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
