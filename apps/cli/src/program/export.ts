import { type Command, Option } from "commander";
import { withEngine, withLake } from "./options.ts";

/** `medallion export` */
export function defineExport(root: Command): void {
  withEngine(withLake(root.command("export")))
    .argument("<table>", "a data set of silver such as tasks, or a table of gold such as gold_daily_by_master")
    .addOption(
      new Option("--format <format>", "the form of the file").choices(["csv", "jsonl", "parquet"]).default("csv"),
    )
    .option("--start <date>", "the first day (default: the first there is)")
    .option("--end <date>", "the last day, included (default: the last there is)")
    .option("-o, --output <file>", "write this file (default: standard output; Parquet needs a file)")
    .option("--raw-cells", "do not make CSV cells safe for spreadsheets")
    .description("Write a table as CSV, JSON Lines or Parquet for other programs.")
    .addHelpText(
      "after",
      `
The tables are the views of \`medallion query\`. Documents of several days count when all their days are in the range.

CSV cells that begin with = + - @, a tab or a line end get an apostrophe, unless they are numbers, so that no spreadsheet
takes them for a formula; --raw-cells leaves them as they are.

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
