import type { Command } from "commander";
import type { CommonOptions } from "../common-options.ts";
import { withLake } from "./options.ts";

/** `medallion init` and `medallion status` */
export function defineLakeCommands(root: Command): void {
  defineInit(root);
  defineStatus(root);
}

function defineInit(root: Command): void {
  withLake(root.command("init"))
    .argument("[folder]", "the folder of the lake; the same as --lake")
    .option("--timezone <zone>", "the IANA zone in which days begin (default: UTC)")
    .description("Make a lake, or complete one that exists.")
    .addHelpText("after", "\nExamples:\n  $ medallion init\n  $ medallion init lakes/berlin --timezone Europe/Berlin")
    .action(async (folder: string | undefined, options: CommonOptions & { readonly timezone?: string }) => {
      const { init } = await import("../commands/init.ts");
      await init({ ...options, lake: folder ?? options.lake });
    });
}

function defineStatus(root: Command): void {
  withLake(root.command("status"))
    .description("Show partitions, bronze not yet promoted, quarantine and the last runs.")
    .addHelpText("after", "\nExamples:\n  $ medallion status\n  $ medallion status --json | jq .pending")
    .action(async (options: CommonOptions) => {
      const { status } = await import("../commands/status.ts");
      await status(options);
    });
}
