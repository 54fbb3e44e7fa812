import { type Command, InvalidArgumentError } from "commander";
import { DEFAULT_LAKE } from "../config/default-lake.ts";
import { isEngineUrl, isMemorySize } from "../config/engine-values.ts";
import { COMMON_OPTIONS, ENGINE_OPTIONS } from "./help.ts";

/** Adds options that help shows under a heading of their own. */
function inGroup(command: Command, heading: string, add: (command: Command) => Command): Command {
  return add(command.optionsGroup(heading)).optionsGroup("");
}

/** Adds the common options with `--lake`, which the action gets with the configuration's lake in it. */
export function withLake(command: Command): Command {
  return inGroup(withConfig(command), COMMON_OPTIONS, (common) =>
    common.option(
      "--lake <folder>",
      `the lake (also MEDALLION_LAKE; default: the configuration's, else ${DEFAULT_LAKE})`,
    ),
  ).hook("preAction", async (_, action) => {
    const { loadConfig } = await import("../config/load-config.ts");
    const { lake } = await loadConfig(action.opts());
    action.setOptionValueWithSource("lake", lake, "config");
  });
}

/** Adds the common options but `--lake`. */
export function withConfig(command: Command): Command {
  return inGroup(command, COMMON_OPTIONS, (common) =>
    common
      .option("--json", "print one JSON document, for machines")
      .option("-q, --quiet", "print nothing but errors")
      .option("--config <file>", "the configuration (also MEDALLION_CONFIG; default: medallion.config.* here or above)")
      .helpOption("-h, --help", "print this help"),
  );
}

/** Adds the options of commands that start an engine. */
export function withEngine(command: Command): Command {
  return inGroup(command, ENGINE_OPTIONS, (engine) =>
    engine
      .option("--threads <count>", "threads (default: one a core)", count)
      .option("--memory-limit <size>", "memory, such as 2GB (default: 560MiB, more for long records)", memorySize),
  );
}

/** Adds the options of commands that write to the lake: the engine, which may be a cluster, and how long to wait. */
export function withWritingEngine(command: Command): Command {
  return inGroup(withEngine(command), ENGINE_OPTIONS, (engine) =>
    engine.option(
      "--engine <url>",
      "duckdb, or the sc://host:port of a Spark Connect server (default: the configuration's, else duckdb)",
      engineUrl,
    ),
  ).option("--wait <seconds>", "wait this long for another run to end", seconds, 0);
}

/** What the help of a command that writes CSV says about cells. */
export const CSV_CELLS = `CSV cells that begin with = + - @, a tab or a line end get an apostrophe, unless they are numbers, so that no
spreadsheet takes them for a formula; --raw-cells leaves them as they are.`;

/** @throws InvalidArgumentError of commander */
export function twoEngines(text: string): readonly [first: string, second: string] {
  const [first, second, ...others] = text.split(",").map((url) => engineUrl(url.trim()));
  if (first !== undefined && second !== undefined && others.length === 0) return [first, second];
  throw new InvalidArgumentError("Expected two engines, such as duckdb,sc://host:port.");
}

/** @throws InvalidArgumentError of commander */
function engineUrl(text: string): string {
  if (!isEngineUrl(text)) throw new InvalidArgumentError("Expected duckdb or sc://host:port.");
  return text;
}

/** @throws InvalidArgumentError of commander */
function memorySize(text: string): string {
  if (!isMemorySize(text)) throw new InvalidArgumentError("Expected an amount with its unit, such as 700MB or 2GB.");
  return text;
}

/** @throws InvalidArgumentError of commander */
export function seconds(text: string): number {
  if (!/^[0-9]{1,6}$/.test(text)) throw new InvalidArgumentError("Expected a whole number of seconds, 999999 at most.");
  return Number(text);
}

/** @throws InvalidArgumentError of commander */
export function count(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw new InvalidArgumentError("Expected a whole number from 1 to 9999.");
  return Number(text);
}

/** @throws InvalidArgumentError of commander */
export function wholeNumber(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw new InvalidArgumentError("Expected a whole number.");
  return Number(text);
}
