import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BenchError } from "../errors.ts";
import type { Sample } from "./sample.ts";
import { hasGnuTime, parseTime, timed, type Usage, usageOfProcess } from "./usage.ts";

/** A command line to be measured. */
export interface Command {
  readonly words: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file whose content is the standard input. */
  readonly input?: string;
}

/** A sample and what the command printed. */
export interface Measured {
  readonly sample: Sample;
  readonly stdout: string;
}

const SAMPLING_MS = 20;
const SHOWN_CHARACTERS = 2_000;

/**
 * Runs a command as a process of its own and measures it. What earlier commands wrote is brought to disk before.
 * @throws BenchError COMMAND_FAILED when it does not end with 0
 */
export async function measure(command: Command): Promise<Measured> {
  spawnSync("sync");
  const folder = mkdtempSync(join(tmpdir(), "medallion-bench-"));
  const report = join(folder, "usage");
  const input = command.input === undefined ? null : openSync(command.input, "r");
  try {
    const [program, ...rest] = hasGnuTime() ? timed(command.words, report) : command.words;
    const started = performance.now();
    const child = spawn(program, rest, {
      stdio: [input ?? "ignore", "pipe", "pipe"],
      ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
      env: { ...process.env, ...command.env },
    });
    const printed = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8").on("data", (text: string) => {
        printed[name] += text;
      });
    }
    let seen: Usage | null = null;
    const sampling = hasGnuTime()
      ? undefined
      : setInterval(() => {
          seen = (child.pid === undefined ? null : usageOfProcess(child.pid)) ?? seen;
        }, SAMPLING_MS);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    }).finally(() => clearInterval(sampling));
    const wallSeconds = (performance.now() - started) / 1000;
    if (code !== 0) throw failure(command, code, printed.stderr);
    const usage = hasGnuTime() ? parseTime(readFileSync(report, "utf8")) : seen;
    const sample = { wallSeconds, cpuSeconds: usage?.cpuSeconds ?? null, peakBytes: usage?.peakBytes ?? null };
    return { sample, stdout: printed.stdout };
  } finally {
    if (input !== null) closeSync(input);
    rmSync(folder, { recursive: true, force: true });
  }
}

function failure(command: Command, code: number | null, stderr: string): BenchError {
  const line = command.words.join(" ");
  const said = stderr.trim().slice(-SHOWN_CHARACTERS);
  return new BenchError("COMMAND_FAILED", `Expected \`${line}\` to succeed, it ended with ${code}. It said:\n${said}`);
}
