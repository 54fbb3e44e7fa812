import type { Command } from "commander";
import { withLake } from "./options.ts";

/** `medallion schedule` */
export function defineSchedule(root: Command): void {
  withLake(root.command("schedule"))
    .option("--cron <expression>", 'when to run: minute, hour, day, month, weekday (default: "0 1 * * *")')
    .option("--timezone <zone>", "the zone of those times (default: the lake's)")
    .option(
      "--run <arguments>",
      'arguments of `medallion run`; again for a further run (default: "yesterday")',
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option("--once-at-start", "run at once, too")
    .option("--crontab", "print a line for crontab instead")
    .option("--systemd", "print a unit for systemd instead")
    .description("Stay and run the pipeline by a cron expression.")
    .addHelpText(
      "after",
      `
A failed run is logged, and the next one comes at its time; runs never overlap. _medallion/heartbeat.json in the lake says how it
goes: state, last_start, last_end, last_result, next. SIGTERM and Ctrl-C end it, with 0 when no run was under way; one
that was is interrupted, and the exit code is 130.

Examples:
  $ medallion schedule --once-at-start
  $ medallion schedule --cron "*/15 * * * *" --run today
  $ (crontab -l; medallion schedule --crontab) | crontab -
  $ medallion schedule --systemd > ~/.config/systemd/user/medallion.service`,
    )
    .action(async (options) => {
      const { schedule } = await import("../commands/schedule.ts");
      await schedule(options);
    });
}
