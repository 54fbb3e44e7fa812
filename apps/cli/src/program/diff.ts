import type { Command } from "commander";
import type { DiffOptions } from "../commands/diff.ts";
import { seconds, twoEngines, withEngine, withLake } from "./options.ts";

/** `medallion diff` */
export function defineDiff(root: Command): void {
  withEngine(withLake(root.command("diff")))
    .requiredOption("--engines <two>", "two of duckdb and sc://host:port, separated by a comma", twoEngines)
    .option("--wait <seconds>", "wait this long for a run to end", seconds, 0)
    .description("Compute silver and gold of all bronze with two engines, and compare. Changes nothing.")
    .addHelpText(
      "after",
      `
Both engines work in a temporary folder of the lake, which is removed at the end. Rows of silver are compared as sets,
quarantine and documents of gold line by line; only the time at which they were made may differ. Ends with 1 if anything
else does.

Examples:
  $ medallion diff --engines duckdb,sc://spark.example:15002
  $ medallion diff --engines duckdb,sc://spark.example:15002 --json | jq '.differences[]'`,
    )
    .action(async (options: DiffOptions) => {
      const { diff } = await import("../commands/diff.ts");
      await diff(options);
    });
}
