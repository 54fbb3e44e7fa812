import { initLake } from "@medallion/lake";
import type { CommonOptions } from "../common-options.ts";
import { loadConfig } from "../config/load-config.ts";
import { printResult } from "../terminal.ts";

/** `medallion init` */
export async function init(options: CommonOptions & { readonly timezone?: string }): Promise<void> {
  const timeZone = options.timezone ?? (await loadConfig(options)).timezone;
  const zone = timeZone === null ? {} : { timeZone };
  const { lake, created } = await initLake(options.lake, zone);
  const said = created ? "Made a lake in" : "There is a lake already in";
  printResult(options, { lake: lake.root, created, timezone: lake.timeZone }, [
    `${said} ${options.lake} (days in ${lake.timeZone}).`,
    ...(created ? ["Next: medallion ingest tasks <file or folder>"] : []),
  ]);
}
