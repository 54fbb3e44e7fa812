import { type Command, Option } from "commander";
import type { QualityOptions } from "../commands/quality.ts";
import { withLake } from "./options.ts";

/** `medallion quality` */
export function defineQuality(root: Command): void {
  withLake(root.command("quality"))
    .argument("[date]", "YYYYMMDD, YYYY-MM-DD, today or yesterday (default: the newest day, with ages as of now)")
    .addOption(
      new Option("--fail-on <level>", "exit with 1 when there is a finding of this level or above").choices([
        "warn",
        "error",
      ]),
    )
    .description("Show how complete, valid, unique and fresh a day's data is, and whether its volume is usual.")
    .addHelpText(
      "after",
      `
Completeness is the mean over the optional fields; --json has each. Volume and rates are compared with the same weekday
of the eight weeks before, by the modified z-score of Iglewicz and Hoaglin (1993); beyond 3.5 they are flagged. The
configuration sets the limits of age: freshness.warn_after and freshness.error_after.

Examples:
  $ medallion quality
  $ medallion quality yesterday --fail-on error`,
    )
    .action(async (date: string | undefined, options: QualityOptions) => {
      const { quality } = await import("../commands/quality.ts");
      await quality(date, options);
    });
}
