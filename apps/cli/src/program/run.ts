import type { Command } from "commander";
import { withLake, withWritingEngine } from "./options.ts";

/** `medallion run` */
export function defineRun(root: Command): void {
  withWritingEngine(withLake(root.command("run")))
    .argument(
      "[date]",
      "make this day's document even without records, and print its path: YYYYMMDD, YYYY-MM-DD, today or yesterday",
    )
    .option("--rebuild", "recompute silver and gold from all of bronze")
    .option("--schemas <folder>", "also check records against these JSON Schemas (draft-07); a failure is a warning")
    .description("Promote everything new in bronze to silver, and make the gold of every day it touches.")
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
