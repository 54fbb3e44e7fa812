import { Argument, type Command } from "commander";
import type { ExplainKind, ExplainOptions } from "../commands/explain.ts";
import { count, withEngine, withLake } from "./options.ts";

/** `medallion explain` */
export function defineExplain(root: Command): void {
  withEngine(withLake(root.command("explain")))
    .addArgument(new Argument("<document>", "the kind of document").choices(["daily"]))
    .argument("<date>", "YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .argument("[path]", "the number, such as summary.failed_tasks (default: list all numbers with their paths)")
    .option("--limit <rows>", "print this many rows; --json prints all", count, 20)
    .option("--schemas <folder>", "the JSON Schemas that the runs were given with --schemas")
    .description("List the records behind a number, each with its file and line in bronze.")
    .addHelpText(
      "after",
      `
The command reads again what the runs have read, and checks the outcome of every record against the commit log. A rate
lists its numerator, then its denominator; a mean, the rows with a duration; a percentile, the two rows between which it
lies; quality, the records that were counted. Nothing is changed. Where bronze was retired, or the rules have changed
since, the command says so and ends with 1.

Examples:
  $ medallion explain daily 20251127
  $ medallion explain daily 20251127 summary.failed_tasks
  $ medallion explain daily yesterday 'by_master[security-master].completion_rate'
  $ medallion explain daily 20251127 quality.rejects.task_id.required --json | jq '.rows[].bronze'`,
    )
    .action(async (kind: ExplainKind, date: string, path: string | undefined, options: ExplainOptions) => {
      const { explain } = await import("../commands/explain.ts");
      await explain(kind, date, path, options);
    });
}
