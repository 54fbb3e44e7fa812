import type { Command } from "commander";
import type { RetentionCommandOptions } from "../commands/retention.ts";
import { seconds, withAnyEngine, withLake } from "./options.ts";

/** `medallion retention` */
export function defineRetention(root: Command): void {
  withAnyEngine(withLake(root.command("retention")))
    .option("--apply", "remove it, as one commit; without this nothing is changed")
    .option("--wait <seconds>", "wait this long for another run to end", seconds, 0)
    .description("Show what has become older than it is to be kept: bronze and silver; gold never goes.")
    .addHelpText(
      "after",
      `
Bronze is kept for 90 days and silver for 30, unless the configuration says otherwise. Bronze goes only when all of it
was promoted and the silver that was made from it has gone.

Examples:
  $ medallion retention
  $ medallion retention --apply
  $ medallion retention --json | jq '.items[] | select(.kept == null)'`,
    )
    .action(async (options: RetentionCommandOptions) => {
      const { retention } = await import("../commands/retention.ts");
      await retention(options);
    });
}
