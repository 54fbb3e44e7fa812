import type { Command } from "commander";
import type { QuarantineOptions } from "../commands/quarantine.ts";
import type { RunOptions } from "../commands/run.ts";
import { count, seconds, withAnyEngine, withLake } from "./options.ts";

/** `medallion quarantine` */
export function defineQuarantine(root: Command): void {
  const quarantine = root
    .command("quarantine")
    .description("See what was set aside and why, and promote what passes now.")
    .exitOverride();
  withFilter(quarantine.command("list"))
    .argument("[data set]", "one data set only")
    .description("Count what is set aside, by data set, day of ingestion and rule.")
    .action(async (dataset: string | undefined, options: QuarantineOptions) => {
      const { listQuarantine } = await import("../commands/quarantine.ts");
      await listQuarantine(dataset, options);
    });
  withFilter(quarantine.command("show"))
    .argument("<data set>", "such as tasks")
    .option("--limit <count>", "show this many records", count, 10)
    .description("Show records that are set aside, with their reasons, their text and hints.")
    .addHelpText("after", "\nExamples:\n  $ medallion quarantine show tasks --rule task_id.required")
    .action(async (dataset: string, options: QuarantineOptions) => {
      const { showQuarantine } = await import("../commands/quarantine.ts");
      await showQuarantine(dataset, options);
    });
  withAnyEngine(withLake(quarantine.command("replay")))
    .argument("[data set]", "one data set only")
    .option("--wait <seconds>", "wait this long for another run to end", seconds, 0)
    .description("Promote what passes now that the rules have changed. What is replayed is marked, never deleted.")
    .action(async (dataset: string | undefined, options: RunOptions) => {
      const { replayQuarantine } = await import("../commands/quarantine.ts");
      await replayQuarantine(dataset, options);
    });
}

function withFilter(command: Command): Command {
  return withLake(command)
    .option("--day <day>", "one day of ingestion only: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--rule <rule>", "one rule only, such as task_id.required");
}
