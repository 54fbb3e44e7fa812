import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE } from "../workplace.ts";

/** Tools that are too large to come with the project are installed here when they are first needed. */
const FOLDER = join(PACKAGE, ".peers");

/** A tool that can be run, or why not. */
export type Availability<T> = { readonly tool: T } | { readonly why: string };

/** What a command prints about its version; null when it is not there. */
export function versionOf(command: string, ...words: readonly string[]): string | null {
  const { status, stdout } = spawnSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout.trim() : null;
}

/** The version of jq, where bash is there too; null when one of them is not. */
export function findJq(): string | null {
  return versionOf("bash", "--version") === null ? null : versionOf("jq", "--version");
}

const POLARS = "0.26.1";

/**
 * nodejs-polars and its build for this machine, 116 MB.
 * @returns the folder to import it from
 */
export function findPolars(install: boolean): Availability<string> {
  const folder = join(FOLDER, "polars");
  if (!existsSync(join(folder, "node_modules", "nodejs-polars"))) {
    if (!install) return { why: "nodejs-polars is not installed" };
    const libc = process.platform === "linux" ? "-gnu" : process.platform === "win32" ? "-msvc" : "";
    const packages = [`nodejs-polars@${POLARS}`, `nodejs-polars-${process.platform}-${process.arch}${libc}@${POLARS}`];
    if (!succeeds("npm", ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, ...packages])) {
      return { why: "nodejs-polars could not be installed" };
    }
  }
  const loads = succeeds(process.execPath, [
    "-e",
    "require(process.argv[1])",
    join(folder, "node_modules", "nodejs-polars"),
  ]);
  return loads ? { tool: folder } : { why: "nodejs-polars does not load on this machine" };
}

const PYTHON_PACKAGES = ["pandas==2.3.3", "pyarrow", "duckdb==1.4.4", "dbt-core==1.10.*", "dbt-duckdb==1.10.*"];

/**
 * A virtual environment with pandas and dbt-duckdb, 530 MB.
 * @returns the folder of its programs
 */
export function findPython(install: boolean): Availability<string> {
  const folder = join(FOLDER, "python");
  const programs = join(folder, "bin");
  if (existsSync(join(programs, "dbt"))) return { tool: programs };
  if (!install) return { why: "pandas and dbt-duckdb are not installed" };
  if (versionOf("python3", "--version") === null) return { why: "there is no Python" };
  const made =
    succeeds("python3", ["-m", "venv", folder]) &&
    succeeds(join(programs, "python"), ["-m", "pip", "install", "--quiet", ...PYTHON_PACKAGES]);
  return made ? { tool: programs } : { why: "pandas and dbt-duckdb could not be installed" };
}

function succeeds(command: string, words: readonly string[]): boolean {
  return spawnSync(command, words, { stdio: "ignore" }).status === 0;
}
