import type { Command } from "commander";
import { withConfig } from "./options.ts";

/** `medallion config` */
export function defineConfigCommand(root: Command): void {
  withConfig(root.command("config"))
    .option("--lake <folder>", "the lake (also MEDALLION_LAKE)")
    .description("Show the configuration in force, defaults included, and where it came from.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion config\n  $ medallion config --config other.config.ts --json | jq .retention",
    )
    .action(async (options) => {
      const { showConfig } = await import("../commands/config.ts");
      await showConfig(options);
    });
}
