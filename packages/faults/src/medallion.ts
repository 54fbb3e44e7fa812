import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fault } from "./fault.ts";

const BIN = join(dirname(createRequire(import.meta.url).resolve("@medallion/cli/package.json")), "bin/medallion.js");
const PRELOAD = new URL("child/faults.mjs", import.meta.url).href;
const MEMORY = new URL("child/memory.mjs", import.meta.url).href;
const LONGEST_MS = 600_000;

/** What a command did. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The changes that it made to files of the lake; null when it was killed, or ran without a fault. */
  readonly changes: number | null;
}

export interface CommandOptions {
  readonly fault?: Fault;
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  /** Kills the command after this time, in milliseconds. */
  readonly killAfter?: number;
  /** Runs the command with a limit of the shell's `ulimit`, such as `-f 8`. */
  readonly limit?: string;
}

/** Runs the real command on a lake, in a process of its own. */
export function medallion(lake: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return inProcess(lake, [BIN, ...args], options);
}

/** As `medallion`; says also how much memory the command needed at most, in bytes. */
export async function peakMemory(lake: string, args: readonly string[]): Promise<Outcome & { readonly bytes: number }> {
  const file = join(dirname(lake), `memory-${randomUUID()}`);
  const options = { environment: { MEDALLION_MEMORY: file } };
  const outcome = await inProcess(lake, ["--import", MEMORY, BIN, ...args], options);
  return { ...outcome, bytes: Number(await readFile(file, "utf8")) };
}

/** Runs a script of `src/child` in a process of its own. Its first argument is the lake. */
export function childScript(
  lake: string,
  name: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Outcome> {
  return inProcess(lake, [fileURLToPath(new URL(`child/${name}`, import.meta.url)), lake, ...args], options);
}

async function inProcess(lake: string, script: readonly string[], options: CommandOptions): Promise<Outcome> {
  const { fault, input = "", environment = {}, killAfter, limit } = options;
  const report = join(dirname(lake), `changes-${randomUUID()}`);
  const plan = fault === undefined ? {} : { MEDALLION_FAULT: JSON.stringify({ ...fault, root: lake, report }) };
  const words = [...(fault === undefined ? [] : ["--import", PRELOAD]), ...script];
  const [program, parameters] =
    limit === undefined
      ? [process.execPath, words]
      : ["/bin/sh", ["-c", `ulimit ${limit}; exec "$0" "$@"`, process.execPath, ...words]];
  const child = spawn(program, parameters, {
    cwd: dirname(lake),
    env: { ...process.env, MEDALLION_LAKE: lake, ...environment, ...plan },
    timeout: killAfter ?? LONGEST_MS,
    killSignal: "SIGKILL",
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = await new Promise<Pick<Outcome, "code" | "signal">>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
  const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
  return { ...ended, stdout, stderr, changes: await countOf(report) };
}

async function countOf(report: string): Promise<number | null> {
  const text = await readFile(report, "utf8").catch(() => null);
  await rm(report, { force: true });
  return text === null ? null : Number(text);
}

/** As `medallion`, for a command that must succeed; returns its document. */
export async function succeed(lake: string, args: readonly string[], options: CommandOptions = {}): Promise<unknown> {
  const { code, stdout, stderr } = await medallion(lake, [...args, "--json"], options);
  if (code !== 0) throw new Error(`medallion ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
