import { setTimeout as delay } from "node:timers/promises";
import { Cron } from "croner";
import { CliError } from "../../cli-error.ts";
import type { RunOutcome } from "./child-run.ts";

/** What the scheduler is doing, as the heartbeat file says it. Times are RFC 3339 in UTC. */
export interface Heartbeat {
  /** When this was written: a minute ago at most, while the scheduler lives. */
  readonly at: string;
  readonly state: "waiting" | "running" | "stopped";
  /** When the next runs begin; null when stopped. */
  readonly next: string | null;
  readonly last_start: string | null;
  /** Null while the first runs are under way, too. */
  readonly last_end: string | null;
  /** `ok` when the last runs all ended with 0. */
  readonly last_result: "ok" | "failed" | "interrupted" | null;
}

/** One run, as it is logged. */
export interface RunLog extends RunOutcome {
  readonly run: string;
  readonly started_at: string;
  readonly ended_at: string;
}

/** A schedule, and how it reaches the world. */
export interface Scheduler {
  /** The start after an instant. */
  readonly next: (after: Date) => Date;
  /** The arguments of `medallion run`, a list for each run; they follow on each other. */
  readonly runs: readonly (readonly string[])[];
  readonly onceAtStart: boolean;
  readonly run: (args: readonly string[], signal: AbortSignal) => Promise<RunOutcome>;
  readonly beat: (heartbeat: Heartbeat) => Promise<void>;
  readonly log: (entry: RunLog) => void;
  readonly now: () => Date;
  /** Resolves after the time, or as soon as the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** The clock may be set, and the machine may sleep: so long is waited at most before it is looked at again. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Runs by schedule until the signal is aborted. A failed run is logged, and the schedule goes on; starts that fall into a
 * run are passed over, so that no two overlap.
 *
 * @returns whether a run was interrupted
 */
export async function runBySchedule(scheduler: Scheduler, signal: AbortSignal): Promise<boolean> {
  const { next, runs, now, sleep, beat } = scheduler;
  let due = scheduler.onceAtStart ? now() : next(now());
  let last: Pick<Heartbeat, "last_start" | "last_end" | "last_result"> = {
    last_start: null,
    last_end: null,
    last_result: null,
  };
  const say = (state: Heartbeat["state"]) =>
    beat({ at: now().toISOString(), state, next: state === "stopped" ? null : due.toISOString(), ...last });
  let interrupted = false;
  while (!signal.aborted) {
    await say("waiting");
    const rest = due.getTime() - now().getTime();
    if (rest > 0) {
      await sleep(Math.min(rest, LONGEST_SLEEP_MS), signal);
      continue;
    }
    last = { ...last, last_start: now().toISOString(), last_end: null, last_result: null };
    due = next(now());
    await say("running");
    const codes: number[] = [];
    for (const args of runs) {
      if (!signal.aborted) codes.push(await runOnce(scheduler, args, signal));
    }
    interrupted = signal.aborted && (codes.length < runs.length || codes.at(-1) !== 0);
    const result = interrupted ? "interrupted" : codes.every((code) => code === 0) ? "ok" : "failed";
    last = { ...last, last_end: now().toISOString(), last_result: result };
    due = next(now());
  }
  await say("stopped");
  return interrupted;
}

async function runOnce(scheduler: Scheduler, args: readonly string[], signal: AbortSignal): Promise<number> {
  const started = scheduler.now().toISOString();
  const outcome = await scheduler.run(args, signal);
  scheduler.log({ run: args.join(" "), started_at: started, ended_at: scheduler.now().toISOString(), ...outcome });
  return outcome.code;
}

/**
 * The starts that a cron expression names in a time zone.
 * @throws CliError USAGE_INVALID when it is none, or names no start that is still to come
 */
export function cronStarts(expression: string, timeZone: string): (after: Date) => Date {
  const invalid = (reason: string, cause?: unknown) =>
    new CliError(
      "USAGE_INVALID",
      `Expected a cron expression such as "0 1 * * *", found ${JSON.stringify(expression)}: ${reason}.`,
      { cause },
    );
  let cron: Cron;
  try {
    cron = new Cron(expression, { timezone: timeZone, mode: "5-or-6-parts", paused: true });
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message.replace(/^CronPattern: |\.$/g, "") : String(cause), cause);
  }
  const next = (after: Date) => {
    const start = cron.nextRun(after);
    if (start === null) throw invalid("it names no time to come");
    return start;
  };
  next(new Date());
  return next;
}

/** Waits; an aborted signal ends it without an error. */
export async function sleepUntilAborted(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
