import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Lake } from "@medallion/lake";
import { replaceFile } from "@medallion/lake/storage";
import { parseDay } from "@medallion/lake/time";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { interruptible } from "../interrupt.ts";
import { packageFile } from "../package-file.ts";
import { printable } from "../printable.ts";
import { runInChild } from "./schedule/child-run.ts";
import { cronStarts, type Heartbeat, type RunLog, runBySchedule, sleepUntilAborted } from "./schedule/scheduler.ts";
import { crontabLines, type ScheduledCommand, systemdUnit, wordsOf } from "./schedule/units.ts";

export interface ScheduleOptions extends CommonOptions {
  readonly cron?: string;
  readonly timezone?: string;
  readonly run?: readonly string[];
  readonly onceAtStart?: true;
  readonly crontab?: true;
  readonly systemd?: true;
}

/** In the lake. */
const HEARTBEAT_FILE = "_medallion/heartbeat.json";

const DEFAULT_CRON = "0 1 * * *";
const INTERRUPTED = 130;
const SCRIPT = packageFile("bin/medallion.js");

/** `medallion schedule` */
export async function schedule(options: ScheduleOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const cron = options.cron ?? config.schedule?.cron ?? DEFAULT_CRON;
  const timeZone = options.timezone ?? lake.timeZone;
  parseDay("today", { timeZone });
  const next = cronStarts(cron, timeZone);
  const runs = options.run ?? ["yesterday"];
  const command = {
    node: process.execPath,
    script: SCRIPT,
    lake: lake.root,
    config: config.file,
    cron,
    timeZone,
    runs,
  };
  if (options.crontab === true || options.systemd === true) {
    print(options, command);
    return;
  }
  if (options.quiet !== true && options.json !== true) {
    process.stdout.write(`Waiting for ${next(new Date()).toISOString()} (${cron}, ${timeZone}). Ctrl-C ends it.\n`);
  }
  const interrupted = await interruptible((signal) =>
    runBySchedule(
      {
        next,
        runs: runs.map(wordsOf),
        onceAtStart: options.onceAtStart === true,
        run: (args, stop) => runInChild(SCRIPT, ["run", ...args, "--json", ...placeOf(command)], stop),
        beat: (heartbeat) => writeHeartbeat(lake, heartbeat),
        log: (entry) => log(entry, options),
        now: () => new Date(),
        sleep: sleepUntilAborted,
      },
      signal,
    ),
  );
  if (interrupted) process.exitCode = INTERRUPTED;
}

function print({ crontab, systemd }: ScheduleOptions, command: ScheduledCommand): void {
  if (crontab === true && systemd === true) {
    throw new CliError("USAGE_INVALID", "Expected one of --crontab and --systemd, found both.");
  }
  if (crontab === true && command.cron.trim().split(/\s+/).length > 5) {
    throw new CliError("USAGE_INVALID", `crontab knows no seconds: expected five fields, found "${command.cron}".`);
  }
  process.stdout.write(crontab === true ? crontabLines(command) : systemdUnit(command));
}

function placeOf({ lake, config }: ScheduledCommand): string[] {
  return ["--lake", lake, ...(config === null ? [] : ["--config", resolve(config)])];
}

/** A heartbeat that cannot be written is told, and is no reason to stop. */
async function writeHeartbeat(lake: Lake, heartbeat: Heartbeat): Promise<void> {
  const document = { format: 1, pid: process.pid, host: hostname(), ...heartbeat };
  try {
    await replaceFile(lake, HEARTBEAT_FILE, `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    process.stderr.write(`medallion: the heartbeat was not written: ${printable(String(error))}\n`);
  }
}

/** One line a run: on standard output, and failures on standard error where nothing else is wanted. */
function log(entry: RunLog, options: CommonOptions): void {
  const { run, started_at, ended_at, code, result, error } = entry;
  if (options.json === true) {
    const { status = null, commit = null, read = null } = result ?? {};
    const line = { run, started_at, ended_at, code, status, commit, read, error };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    return;
  }
  const seconds = ((Date.parse(ended_at) - Date.parse(started_at)) / 1000).toFixed(1);
  const [what] = (error ?? "").split("\n").slice(-1);
  const outcome = code === 0 ? done(result) : `failed with ${code}: ${what}`;
  const line = printable(`${started_at} run ${run}: ${outcome} (${seconds} s)`).replaceAll("\n", " ");
  if (options.quiet !== true) process.stdout.write(`${line}\n`);
  else if (code !== 0) process.stderr.write(`${line}\n`);
}

function done(result: RunLog["result"]): string {
  if (typeof result?.read !== "number" || result.read === 0) return "nothing to do";
  return `read ${result.read}, commit ${String(result.commit)}`;
}
