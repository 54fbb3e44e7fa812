import type { Command } from "commander";
import { seconds, withAnyEngine, withLake } from "./options.ts";

/** `medallion run` */
export function defineRun(root: Command): void {
  withAnyEngine(withLake(root.command("run")))
    .argument("[date]", "say where this day's numbers are: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--rebuild", "make silver and gold anew from all of bronze")
    .option("--schemas <folder>", "check records against these JSON Schemas, too (draft-07); what fails is a warning")
    .option("--wait <seconds>", "wait this long for another run to end", seconds, 0)
    .description("Promote all that is new in bronze to silver, and make the gold of every day touched.")
    .addHelpText(
      "after",
      `
Examples:
  $ medallion run
  $ medallion run yesterday --json
  $ medallion run --rebuild --memory-limit 4GB`,
    )
    .action(async (date: string | undefined, options) => {
      const { run } = await import("../commands/run.ts");
      await run(date, options);
    });
}
