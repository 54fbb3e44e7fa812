import type { Command } from "commander";
import type { VerifyOptions } from "../commands/verify.ts";
import { seconds, withEngine, withLake } from "./options.ts";

/** `medallion verify` */
export function defineVerify(root: Command): void {
  withEngine(withLake(root.command("verify")))
    .option("--quick", "compare hashes and sizes only; recompute nothing")
    .option(
      "--contains <sha256>",
      "the log must have a commit with this running checksum, noted from an earlier verify",
    )
    .option("--wait <seconds>", "wait this long for a run to end", seconds, 0)
    .description("Check the lake against its commit log, and silver and gold against bronze. Changes nothing.")
    .addHelpText(
      "after",
      `
Every commit is checked against the running checksum of the log, every byte of bronze that a run has read against its
hash, and every file of silver and gold is recomputed from bronze and compared; only the time of the run may differ.
Each difference is named: missing, truncated, changed or unknown. Ends with 1 if there is one.

Whoever can write to every file of the lake can also write a log that fits. Note the running checksum elsewhere, and
give it to a later verify.

Examples:
  $ medallion verify
  $ medallion verify --quick --json | jq '.differences[]'
  $ medallion verify --contains 5df940bf1a315f5e5e70601b76504176e702ca1c5d5bebaa1c7f3c1458d90e48`,
    )
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("../commands/verify.ts");
      await verify(options);
    });
}
