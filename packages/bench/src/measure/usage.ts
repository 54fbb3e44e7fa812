import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TIME = "/usr/bin/time";
const KIBIBYTE = 1024;

/** What the machine says about a process that has ended. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

let gnuTime: boolean | null = null;

/** Whether GNU time is there, which asks the system for the usage of a process and all of its children. */
export function hasGnuTime(): boolean {
  gnuTime ??= spawnSync(TIME, ["-f", "%M", "true"], { stdio: "ignore" }).status === 0;
  return gnuTime;
}

/** The words of a command that writes its usage to a file, for {@link parseTime}. */
export function timed(words: readonly [string, ...string[]], report: string): [string, ...string[]] {
  return [TIME, "-q", "-o", report, "-f", "%U %S %M", ...words];
}

/** Reads the report of GNU time: user seconds, system seconds, kibibytes. */
export function parseTime(report: string): Usage | null {
  const [user, system, peak] = (report.trim().split("\n").at(-1) ?? "").split(" ").map(Number);
  if (user === undefined || system === undefined || peak === undefined) return null;
  if (![user, system, peak].every(Number.isFinite)) return null;
  return { cpuSeconds: user + system, peakBytes: peak * KIBIBYTE };
}

const TICKS_PER_SECOND = 100;

/** What Linux says of a process that is still running; null when there is nothing to read. */
export function usageOfProcess(pid: number): Usage | null {
  try {
    return parseProcess(readFileSync(`/proc/${pid}/stat`, "utf8"), readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return null;
  }
}

/** Reads `/proc/<pid>/stat`, whose 14th to 17th fields are CPU time in ticks, and `VmHWM` of `/proc/<pid>/status`. */
export function parseProcess(stat: string, status: string): Usage | null {
  const ticks = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15)
    .map(Number);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  if (peak === undefined || ticks.length < 4) return null;
  return {
    cpuSeconds: ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND,
    peakBytes: Number(peak) * KIBIBYTE,
  };
}
