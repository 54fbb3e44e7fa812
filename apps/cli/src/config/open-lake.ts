import { type Lake, openLake } from "@medallion/lake";
import { sameTimeZone } from "@medallion/lake/time";
import type { Config } from "./config.ts";
import { ConfigError } from "./errors.ts";
import { type ConfigOptions, loadConfig, shownPath } from "./load-config.ts";

/**
 * Loads the configuration and opens the lake that it or the command line names.
 * @throws ConfigError CONFIG_INVALID, also when the lake has another time zone than the configuration; CONFIG_NOT_FOUND
 * @throws LakeError LAKE_NOT_FOUND, LAKE_INVALID
 */
export async function openConfiguredLake(
  options: ConfigOptions,
): Promise<{ readonly lake: Lake; readonly config: Config }> {
  const config = await loadConfig(options);
  const lake = await openLake(config.lake);
  const { timezone } = config;
  if (timezone === null || sameTimeZone(timezone, lake.timeZone)) return { lake, config };
  throw new ConfigError("CONFIG_INVALID", shownPath(process.cwd(), config.file ?? "configuration"), [
    `timezone: expected ${lake.timeZone}, the time zone of the lake ${lake.root}, found ${timezone}. The days of a lake cannot be changed afterwards: mend the configuration, or name another lake`,
  ]);
}
