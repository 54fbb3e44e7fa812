import type { Command } from "commander";
import { withLake } from "./options.ts";

/** `medallion schedule` */
export function defineSchedule(root: Command): void {
  withLake(root.command("schedule"))
    .option("--cron <expression>", 'when to run: minute, hour, day, month, weekday (default: "0 1 * * *")')
    .option("--timezone <zone>", "the zone of those times (default: the lake's)")
    .option(
      "--run <arguments>",
      'arguments of `medallion run`; repeat it for several runs (default: "yesterday")',
      (value: string, earlier: readonly string[] = []) => [...earlier, value],
    )
    .option("--once-at-start", "also run at once")
    .option("--crontab", "print a line for crontab, and end")
    .option("--systemd", "print a unit for systemd, and end")
    .description("Stay, and run the pipeline on a cron schedule.")
    .addHelpText(
      "after",
      `
Runs never overlap. A failed run is logged, and the next one starts on time. _medallion/heartbeat.json in the lake says
how it is going: state, last_start, last_end, last_result, next. SIGTERM and Ctrl-C end it, with 0 when no run is under
way; a run that is under way is interrupted, and the exit code is 130.

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
