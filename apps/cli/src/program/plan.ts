import type { Command } from "commander";
import type { CommonOptions } from "../common-options.ts";
import { withLake } from "./options.ts";

/** `medallion plan` */
export function definePlan(root: Command): void {
  withLake(root.command("plan"))
    .option("--rebuild", "plan a run that recomputes silver and gold from all of bronze")
    .description("Show what a run would do and why, partition by partition. Changes nothing.")
    .addHelpText("after", "\nExamples:\n  $ medallion plan\n  $ medallion plan --json | jq .gold")
    .action(async (options: CommonOptions & { readonly rebuild?: true }) => {
      const { plan } = await import("../commands/plan.ts");
      await plan(options);
    });
}
