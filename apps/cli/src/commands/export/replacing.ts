import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { CliError } from "../../cli-error.ts";

/** The file that is written in place of another one. */
export interface Replacement {
  /** Absolute path. */
  readonly path: string;
  /** Opens the file as a stream for as long as the work lasts. */
  writing<T>(work: (target: Writable) => Promise<T>): Promise<T>;
}

/**
 * Writes a file in one step: whoever reads it sees the old content or all of the new, also after a crash.
 * @throws CliError FILE_NOT_WRITTEN
 */
export async function replacing<T>(file: string, work: (replacement: Replacement) => Promise<T>): Promise<T> {
  const folder = await realpath(dirname(file)).catch((cause: unknown) => {
    throw notWritten(file, `there is no folder ${dirname(file)}`, cause);
  });
  const path = join(folder, `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    const result = await work({ path, writing: (inner) => writing(path, inner) });
    const handle = await open(path, "r");
    await handle.sync().finally(() => handle.close());
    await rename(path, join(folder, basename(file)));
    return result;
  } catch (error) {
    throw isSystemError(error) ? notWritten(file, error.message, error) : error;
  } finally {
    await rm(path, { force: true });
  }
}

async function writing<T>(path: string, work: (target: Writable) => Promise<T>): Promise<T> {
  const stream = createWriteStream(path, { flags: "wx" });
  // Kept by the stream, and told by `finished`.
  stream.on("error", () => undefined);
  try {
    const result = await work(stream);
    stream.end();
    await finished(stream);
    return result;
  } finally {
    stream.destroy();
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function notWritten(file: string, reason: string, cause: unknown): CliError {
  return new CliError("FILE_NOT_WRITTEN", `${file} cannot be written: ${reason}. What was there is unchanged.`, {
    cause,
  });
}
