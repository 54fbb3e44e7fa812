import type { Command } from "commander";
import type { PromoteOptions } from "../commands/promote.ts";
import { withLake, withWritingEngine } from "./options.ts";

/** `medallion promote` */
export function definePromote(root: Command): void {
  withWritingEngine(withLake(root.command("promote")))
    .argument("<data set>", "tasks, lineage, events, metrics, or a team's own")
    .argument("[date]", "print where this day's silver is: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--master <name>", "metrics: print where this master's aggregates are")
    .option("--rebuild", "recompute silver from all of bronze")
    .option("--schemas <folder>", "also check records against these JSON Schemas (draft-07); a failure is a warning")
    .description("Promote what is new of one data set to silver. The next run makes the gold.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion promote tasks today\n  $ medallion promote metrics 20251127 --master security-master",
    )
    .action(async (dataset: string, date: string | undefined, options: PromoteOptions) => {
      const { promoteDataset } = await import("../commands/promote.ts");
      await promoteDataset(dataset, date, options);
    });
}
