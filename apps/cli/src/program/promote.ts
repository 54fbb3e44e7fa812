import type { Command } from "commander";
import type { PromoteOptions } from "../commands/promote.ts";
import { seconds, withAnyEngine, withLake } from "./options.ts";

/** `medallion promote` */
export function definePromote(root: Command): void {
  withAnyEngine(withLake(root.command("promote")))
    .argument("<data set>", "tasks, lineage, events, metrics, or one of the configuration's own")
    .argument("[date]", "say where this day's silver is: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--master <name>", "metrics: say where this master's aggregates are")
    .option("--rebuild", "make silver anew from all of bronze")
    .option("--schemas <folder>", "check records against these JSON Schemas, too (draft-07); what fails is a warning")
    .option("--wait <seconds>", "wait this long for another run to end", seconds, 0)
    .description("Promote all that is new of one data set to silver. Gold is left to the next run.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion promote tasks today\n  $ medallion promote metrics 20251127 --master security-master",
    )
    .action(async (dataset: string, date: string | undefined, options: PromoteOptions) => {
      const { promoteDataset } = await import("../commands/promote.ts");
      await promoteDataset(dataset, date, options);
    });
}
