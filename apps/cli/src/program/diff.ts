import type { Command } from "commander";
import type { DiffOptions } from "../commands/diff.ts";
import { seconds, twoEngines, withEngine, withLake } from "./options.ts";

/** `medallion diff` */
export function defineDiff(root: Command): void {
  withEngine(withLake(root.command("diff")))
    .requiredOption("--engines <two>", "duckdb or sc://host:port, two of them with a comma between", twoEngines)
    .option("--wait <seconds>", "wait this long for a run to end", seconds, 0)
    .description("Make silver and gold of all bronze by two engines and compare them. Changes nothing.")
    .addHelpText(
      "after",
      `
Both engines work in a folder of the lake that goes when the command ends. Rows of silver are compared as sets, quarantine
and documents of gold line by line; only the time at which they were made may differ. Ends with 1 when anything does.

Examples:
  $ medallion diff --engines duckdb,sc://spark.example:15002
  $ medallion diff --engines duckdb,sc://spark.example:15002 --json | jq '.differences[]'`,
    )
    .action(async (options: DiffOptions) => {
      const { diff } = await import("../commands/diff.ts");
      await diff(options);
    });
}
