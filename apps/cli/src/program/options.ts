import { type Command, InvalidArgumentError } from "commander";

/** Where the lake is when nothing else is said. */
export const DEFAULT_LAKE = "coordination/medallion";

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document, for machines")
    .option("-q, --quiet", "print nothing but errors")
    .exitOverride();
}

/** Adds the common options and `--lake`. */
export function withLake(command: Command): Command {
  return withCommonOptions(command).option(
    "--lake <folder>",
    "the lake (also MEDALLION_LAKE)",
    process.env.MEDALLION_LAKE || DEFAULT_LAKE,
  );
}

/** Adds the options of commands that start an engine. */
export function withEngine(command: Command): Command {
  return command
    .option("--threads <count>", "threads of the engine (default: every core)", count)
    .option("--memory-limit <size>", "memory of the engine, such as 2GB (default: 768MB)");
}

/** @throws InvalidArgumentError of commander */
export function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of seconds.");
  return Number(text);
}

/** @throws InvalidArgumentError of commander */
export function count(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 on.");
  return Number(text);
}
