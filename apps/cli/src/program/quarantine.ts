import type { Command } from "commander";
import type { QuarantineOptions } from "../commands/quarantine.ts";
import type { RunOptions } from "../commands/run.ts";
import { count, withLake, withWritingEngine } from "./options.ts";

/** `medallion quarantine` */
export function defineQuarantine(root: Command): void {
  const quarantine = root
    .command("quarantine")
    .description("Show which records were set aside and why, and promote those that pass now.");
  withFilter(quarantine.command("list"))
    .argument("[data set]", "only this data set")
    .description("Count the records set aside, by data set, day of ingestion and rule.")
    .addHelpText("after", "\nExamples:\n  $ medallion quarantine list\n  $ medallion quarantine list tasks --day today")
    .action(async (dataset: string | undefined, options: QuarantineOptions) => {
      const { listQuarantine } = await import("../commands/quarantine.ts");
      await listQuarantine(dataset, options);
    });
  withFilter(quarantine.command("show"))
    .argument("<data set>", "such as tasks")
    .option("--limit <count>", "show this many records", count, 10)
    .description("Show records set aside: the reason, the text and a hint.")
    .addHelpText("after", "\nExamples:\n  $ medallion quarantine show tasks --rule task_id.required")
    .action(async (dataset: string, options: QuarantineOptions) => {
      const { showQuarantine } = await import("../commands/quarantine.ts");
      await showQuarantine(dataset, options);
    });
  withWritingEngine(withLake(quarantine.command("replay")))
    .argument("[data set]", "only this data set")
    .description("Promote the records that pass since the rules changed. They are marked as replayed, never deleted.")
    .addHelpText("after", "\nExamples:\n  $ medallion quarantine replay\n  $ medallion quarantine replay tasks")
    .action(async (dataset: string | undefined, options: RunOptions) => {
      const { replayQuarantine } = await import("../commands/quarantine.ts");
      await replayQuarantine(dataset, options);
    });
}

function withFilter(command: Command): Command {
  return withLake(command)
    .option("--day <day>", "only this day of ingestion: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--rule <rule>", "only this rule, such as task_id.required");
}
