import { type Command, Option } from "commander";
import { CSV_CELLS, seconds, wholeNumber, withEngine, withLake } from "./options.ts";

/** `medallion query` */
export function defineQuery(root: Command): void {
  withEngine(withLake(root.command("query")))
    .argument("[sql]", "one SELECT statement; - for standard input")
    .option("--file <file>", "read the statement from a file")
    .addOption(
      new Option("--format <format>", "how rows are printed (default: table)").choices([
        "table",
        "json",
        "csv",
        "jsonl",
      ]),
    )
    .option("--limit <rows>", "print at most this many rows", wholeNumber)
    .option("--timeout <seconds>", "stop the query after this time", seconds)
    .option("--raw-cells", "leave CSV cells as they are, also those that a spreadsheet would run")
    .description("Query the lake in SQL. Nothing is written, and nothing outside the lake is read.")
    .addHelpText(
      "after",
      `
Views (\`medallion query "show tables"\` lists them, "describe gold_daily" their columns):
  bronze_<data set>               one row per line: record (JSON), line, file, day
  silver_<data set>               the rows of all days, with day
  silver_quarantine_<data set>    what was set aside: rule, reason, raw, …
  gold_daily, gold_weekly, gold_kpis, gold_reports    one row per document
  gold_daily_by_master, gold_daily_summary, …         a part of each document, in columns

${CSV_CELLS}

Examples:
  $ medallion query "select status, count(*) from silver_tasks group by all"
  $ medallion query "select record->>'task_id', file from bronze_tasks" --format csv > tasks.csv
  $ medallion query --file slowest.sql --json | jq '.[0]'`,
    )
    .action(async (sql: string | undefined, options) => {
      const { query } = await import("../commands/query.ts");
      await query(sql, options);
    });
}
