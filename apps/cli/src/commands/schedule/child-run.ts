import { spawn } from "node:child_process";
import { type JsonObject, parseJsonObject } from "../../json-object.ts";

/** How a run in a process of its own ended. */
export interface RunOutcome {
  /** The exit code; 128 and the signal's number for a process that was killed. */
  readonly code: number;
  /** The result document of the run, or null. */
  readonly result: JsonObject | null;
  /** What it said on standard error, the end of it; null when nothing. */
  readonly error: string | null;
}

/** More of what a run says is not kept. */
const KEPT_BYTES = 256 * 1024;
const KILLED = 137;

/**
 * Runs a script in a process of its own, so that what it needs and how it may end does not touch this one. When the signal
 * is aborted, it is interrupted as by Ctrl-C, and waited for.
 */
export function runInChild(script: string, args: readonly string[], signal: AbortSignal): Promise<RunOutcome> {
  return new Promise((resolve) => {
    // A group of its own: otherwise Ctrl-C would reach the child twice, and the second time ends it at once.
    const child = spawn(process.execPath, [script, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    const stop = () => child.kill("SIGINT");
    const kill = () => child.kill("SIGTERM");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    process.on("exit", kill);
    const [out, err] = [new Tail(), new Tail()];
    child.stdout.on("data", (chunk: Buffer) => out.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.add(chunk));
    let failure: string | null = null;
    child.on("error", (error) => {
      failure = error.message;
    });
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      process.off("exit", kill);
      const error = failure ?? err.text().trim();
      resolve({ code: code ?? KILLED, result: parseJsonObject(out.text()), error: error === "" ? null : error });
    });
  });
}

/** The last bytes of a stream. */
class Tail {
  #chunks: Buffer[] = [];
  #size = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size <= 2 * KEPT_BYTES) return;
    this.#chunks = [Buffer.concat(this.#chunks).subarray(-KEPT_BYTES)];
    this.#size = KEPT_BYTES;
  }

  text(): string {
    return Buffer.concat(this.#chunks).subarray(-KEPT_BYTES).toString("utf8");
  }
}
