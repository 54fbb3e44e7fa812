import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

/** Compiles the package into a folder that is deleted at the end of the test; returns the URL of its index. */
export async function compilePackage(): Promise<string> {
  // Below the package, so that its dependencies are found from there.
  const parent = join(PACKAGE, "node_modules", ".cache");
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "bronze-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const project = join(PACKAGE, "tsconfig.build.json");
  await promisify(execFile)(process.execPath, [compiler, "-p", project, "--outDir", folder, "--declaration", "false"]);
  return pathToFileURL(join(folder, "index.js")).href;
}

/** Runs a module's text in a process of its own, in the package's folder. It ends with the test at the latest. */
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
