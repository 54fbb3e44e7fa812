import { readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../errors.ts";

/**
 * Lets something be written that makes a folder with one file, and moves the file to `path`.
 * @throws EngineError STATEMENT_FAILED when the folder does not hold exactly one file, or it cannot be moved
 */
export async function inOneFile<Result>(path: string, write: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = `${path}.parts`;
  const result = await write(folder);
  try {
    const [file, ...others] = await readdir(folder);
    if (file === undefined || others.length > 0) throw new Error(file === undefined ? "none" : `${others.length} more`);
    await rename(join(folder, file), path);
    await rmdir(folder);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("STATEMENT_FAILED", `Expected one file in ${folder}, to become ${path}: ${reason}`, {
      cause,
    });
  }
  return result;
}
