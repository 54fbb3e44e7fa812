import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The top level of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The environment of every command: the project's own tools come first on the PATH, turbo sends nothing anywhere, and
 * what is not read on a terminal has no colours.
 * @returns {NodeJS.ProcessEnv}
 */
function environment() {
  const env = { ...process.env, DO_NOT_TRACK: "1", TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
  if (!process.stdout.isTTY) Object.assign(env, { NO_COLOR: "1" });
  const pathKey = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const path = [join(root, "node_modules", ".bin"), process.env[pathKey]].filter(Boolean).join(delimiter);
  return { ...env, [pathKey]: path };
}

/**
 * Runs one command line in a shell, with its output passed through and nothing on its standard input, and ends this
 * process with its exit code when it fails. A shell is needed to find `.cmd` files on Windows, so the line must never
 * hold anything but constants and checked names.
 * @param {string} line
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
export function run(line, { cwd = root, env = {} } = {}) {
  const { status, error } = spawnSync(line, {
    cwd,
    env: { ...environment(), ...env },
    shell: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** @returns {string} the package manager to use, such as `pnpm@10.34.9`, from the top package.json */
export function packageManager() {
  const { packageManager: pinned } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (!/^pnpm@\d+\.\d+\.\d+$/.test(pinned)) {
    throw new Error(`package.json: expected "packageManager" to be an exact pnpm version, found ${pinned}`);
  }
  return pinned;
}
