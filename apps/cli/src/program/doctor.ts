import type { Command } from "commander";
import type { CommonOptions } from "../common-options.ts";
import { withLake } from "./options.ts";

/** `medallion doctor` */
export function defineDoctor(root: Command): void {
  withLake(root.command("doctor"))
    .description("Check the machine and the lake, and say what to do. Ends with 1 if something is broken.")
    .addHelpText(
      "after",
      "\nExamples:\n  $ medallion doctor\n  $ medallion doctor --json | jq '.checks[] | select(.level != \"ok\")'",
    )
    .action(async (options: CommonOptions) => {
      const { doctor } = await import("../commands/doctor.ts");
      await doctor(options);
    });
}
