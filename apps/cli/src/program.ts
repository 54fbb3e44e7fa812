import { Command, InvalidArgumentError } from "commander";
import type { CommonOptions } from "./common-options.ts";
import { cliVersion } from "./version.ts";

const DEFAULT_LAKE = "coordination/medallion";

/** The `medallion` command. Each action loads what it needs when it runs, so that help costs little. */
export function program(): Command {
  const root = new Command("medallion")
    .description("Turn the coordination data of agent systems into clean records and daily numbers.")
    .version(cliVersion(), "-V, --version", "print the version")
    .helpCommand(false)
    .showHelpAfterError("(see `medallion --help`)")
    .exitOverride()
    .addHelpText(
      "after",
      `
Examples:
  $ medallion init                                make a lake in ${DEFAULT_LAKE}
  $ medallion ingest tasks coordination/tasks     keep every task file of a folder in bronze
  $ medallion run                                 promote all that is new and make the daily numbers
  $ medallion status                              see how the lake is

Exit codes: 0 success; 1 the run failed; 2 wrong usage or configuration; 70 a bug in Medallion;
75 the lake is locked by another run; 130 interrupted.`,
    );
  defineInit(root);
  defineIngest(root);
  defineRun(root);
  defineStatus(root);
  return root;
}

function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document, for machines")
    .option("-q, --quiet", "print nothing but errors")
    .exitOverride();
}

function withLake(command: Command): Command {
  return withCommonOptions(command).option(
    "--lake <folder>",
    "the lake (also MEDALLION_LAKE)",
    process.env.MEDALLION_LAKE || DEFAULT_LAKE,
  );
}

function defineInit(root: Command): void {
  withLake(root.command("init"))
    .argument("[folder]", "where the lake is to be; the same as --lake")
    .option("--timezone <zone>", "the IANA zone in which days begin (default: UTC)")
    .description("Make a lake, or check one that is there.")
    .addHelpText("after", "\nExamples:\n  $ medallion init\n  $ medallion init lakes/berlin --timezone Europe/Berlin")
    .action(async (folder: string | undefined, options: CommonOptions & { readonly timezone?: string }) => {
      const { init } = await import("./commands/init.ts");
      await init({ ...options, lake: folder ?? options.lake });
    });
}

function defineIngest(root: Command): void {
  const ingest = root.command("ingest").description("Keep records in bronze, as they are.").exitOverride();
  withLake(ingest.command("tasks"))
    .argument("<path...>", "files or folders of JSON, JSON Lines or gzip; - for standard input")
    .option("--records <key>", 'take the records out of the arrays under a key, such as {"tasks": […]}, at any depth')
    .description(
      "Keep tasks in bronze: JSON (one document or many), JSON Lines, gzipped or not, from files and folders.",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ medallion ingest tasks coordination/tasks
  $ medallion ingest tasks coordination/task-queue.json --records tasks
  $ zcat old.jsonl.gz | medallion ingest tasks -`,
    )
    .action(async (paths: string[], options: CommonOptions & { readonly records?: string }) => {
      const { ingestRecords } = await import("./commands/ingest.ts");
      await ingestRecords("tasks", paths, options);
    });
}

function defineRun(root: Command): void {
  withLake(root.command("run"))
    .argument("[date]", "say where this day's numbers are: YYYYMMDD, YYYY-MM-DD, today or yesterday")
    .option("--rebuild", "make silver and gold anew from all of bronze")
    .option("--wait <seconds>", "wait this long for another run to end", seconds, 0)
    .option("--threads <count>", "threads of the engine (default: every core)", count)
    .option("--memory-limit <size>", "memory of the engine, such as 2GB (default: 768MB)")
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
      const { run } = await import("./commands/run.ts");
      await run(date, options);
    });
}

function defineStatus(root: Command): void {
  withLake(root.command("status"))
    .description("Show partitions, pending bronze, quarantine and the last run.")
    .addHelpText("after", "\nExamples:\n  $ medallion status\n  $ medallion status --json | jq .pending")
    .action(async (options: CommonOptions) => {
      const { status } = await import("./commands/status.ts");
      await status(options);
    });
}

function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of seconds.");
  return Number(text);
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 on.");
  return Number(text);
}
