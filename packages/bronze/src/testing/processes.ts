import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Runs a module's text in a process of its own, in the package's folder, where `@medallion/bronze` is the package as it was built.
 * It ends with the test at the latest.
 */
export function startProcess(source: string, ...words: string[]): ChildProcess {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source, ...words], {
    cwd: PACKAGE,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** What a process wrote until it ended, and its exit code; null when a signal ended it. */
export async function outcomeOf(child: ChildProcess): Promise<{ output: string; code: number | null }> {
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { output, code };
}
