import { type Command, Option } from "commander";
import { CSV_CELLS, withEngine, withLake } from "./options.ts";

/** `medallion export` */
export function defineExport(root: Command): void {
  withEngine(withLake(root.command("export")))
    .argument("<table>", "a data set of silver such as tasks, or a table of gold such as gold_daily_by_master")
    .addOption(
      new Option("--format <format>", "the form of the output").choices(["csv", "jsonl", "parquet"]).default("csv"),
    )
    .option("--start <date>", "the first day (default: the earliest)")
    .option("--end <date>", "the last day, included (default: the latest)")
    .option("-o, --output <file>", "write this file (default: standard output; Parquet needs a file)")
    .option("--raw-cells", "leave CSV cells as they are, also those that a spreadsheet would run")
    .description("Write a table of silver or gold as CSV, JSON Lines or Parquet.")
    .addHelpText(
      "after",
      `
The tables are the views of \`medallion query\`. A document of several days is exported if all its days are in the range.

${CSV_CELLS}

Examples:
  $ medallion export tasks --start 2025-11-20 --end 2025-11-27 > tasks.csv
  $ medallion export gold_daily_by_master -o masters.csv
  $ medallion export lineage --format parquet -o lineage.parquet`,
    )
    .action(async (table: string, options) => {
      const { exportTable } = await import("../commands/export.ts");
      await exportTable(table, options);
    });
}
