import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import type { Config } from "../config/config.ts";
import { ConfigError } from "../config/errors.ts";
import { loadConfig } from "../config/load-config.ts";

/** A folder that goes with the test, with files in it. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-config-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

/** The configuration of one file, seen from its folder. */
export async function configOf(content: string, name = "medallion.config.ts"): Promise<Config> {
  return loadConfig({}, { workingDirectory: await folderWith({ [name]: content }), environment: {} });
}

/** The problems of a file that is refused. */
export async function problemsOf(content: string, name = "medallion.config.ts"): Promise<readonly string[]> {
  try {
    await configOf(content, name);
  } catch (error) {
    if (error instanceof ConfigError && error.code === "CONFIG_INVALID") return error.problems;
    throw error;
  }
  return [];
}
