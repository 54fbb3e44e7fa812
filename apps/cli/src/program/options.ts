import { type Command, InvalidArgumentError } from "commander";
import { DEFAULT_LAKE } from "../config/default-lake.ts";

/** Adds the options that every command has. */
function withCommonOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document, for machines")
    .option("-q, --quiet", "print nothing but errors")
    .exitOverride();
}

/** Adds the common options, `--config` and `--lake`, which the action gets with the configuration's lake in it. */
export function withLake(command: Command): Command {
  return withConfig(command)
    .option("--lake <folder>", `the lake (also MEDALLION_LAKE; default: the configuration's, else ${DEFAULT_LAKE})`)
    .hook("preAction", async (_, action) => {
      const { loadConfig } = await import("../config/load-config.ts");
      const { lake } = await loadConfig(action.opts());
      action.setOptionValueWithSource("lake", lake, "config");
    });
}

/** Adds the common options and `--config`. */
export function withConfig(command: Command): Command {
  return withCommonOptions(command).option(
    "--config <file>",
    "the configuration (also MEDALLION_CONFIG; default: medallion.config.* here or above)",
  );
}

/** Adds the options of commands that start an engine. */
export function withEngine(command: Command): Command {
  return command
    .option("--threads <count>", "threads of the engine (default: every core)", count)
    .option("--memory-limit <size>", "memory of the engine, such as 2GB (default: 768MB)");
}

/** Adds the options of commands that can work on a cluster, too. */
export function withAnyEngine(command: Command): Command {
  return withEngine(command).option(
    "--engine <url>",
    "duckdb, or the sc://host:port of a Spark Connect server (default: the configuration's, else duckdb)",
    engineUrl,
  );
}

/** @throws InvalidArgumentError of commander */
export function twoEngines(text: string): readonly [first: string, second: string] {
  const [first, second, ...others] = text.split(",").map((url) => engineUrl(url.trim()));
  if (first !== undefined && second !== undefined && others.length === 0) return [first, second];
  throw new InvalidArgumentError("Expected two engines, such as duckdb,sc://host:port.");
}

/** @throws InvalidArgumentError of commander */
function engineUrl(text: string): string {
  if (text !== "duckdb" && !text.startsWith("sc://"))
    throw new InvalidArgumentError("Expected duckdb or sc://host:port.");
  return text;
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

/** @throws InvalidArgumentError of commander */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}
