import type { Command } from "commander";
import type { RetentionCommandOptions } from "../commands/retention.ts";
import { withLake, withWritingEngine } from "./options.ts";

/** `medallion retention` */
export function defineRetention(root: Command): void {
  withWritingEngine(withLake(root.command("retention")))
    .option("--apply", "remove them, in one commit; without this nothing is changed")
    .description(
      "Show bronze and silver that have outlived their retention; --apply removes them. Gold is never removed.",
    )
    .addHelpText(
      "after",
      `
Bronze is kept for 90 days and silver for 30, unless the configuration says otherwise. A bronze file is removed only
after all of it was promoted and the silver made from it is gone.

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
