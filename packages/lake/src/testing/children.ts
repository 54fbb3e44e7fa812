import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

export interface Child {
  readonly process: ChildProcess;
  /** The next line on its standard output; null when it ends without one. */
  line(): Promise<string | null>;
  /** How it ended. */
  end(): Promise<{ code: number | null; signal: NodeJS.Signals | null; errors: string }>;
}

/** Runs a script of this folder in a process of its own. It uses the built package, as a program would. */
export function startChild(script: string, ...words: string[]): Child {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...words], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  let [output, errors] = ["", ""];
  const ended = once(child, "close");
  child.stderr.on("data", (bytes) => {
    errors += bytes;
  });
  child.stdout.on("data", (bytes) => {
    output += bytes;
    child.emit("medallion-output");
  });
  return {
    process: child,
    async line() {
      while (!output.includes("\n") && child.exitCode === null && child.signalCode === null) {
        await Promise.race([once(child, "medallion-output"), ended]);
      }
      const end = output.indexOf("\n");
      if (end === -1) return null;
      const line = output.slice(0, end);
      output = output.slice(end + 1);
      return line;
    },
    async end() {
      await ended;
      return { code: child.exitCode, signal: child.signalCode, errors };
    },
  };
}
