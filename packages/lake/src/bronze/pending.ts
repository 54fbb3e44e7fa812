import type { LakeState } from "../commits/state.ts";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import type { LakePath } from "../layout/paths.ts";
import { type BronzeFile, listBronze } from "./bronze-files.ts";

/** A bronze file with bytes that no commit has read. */
export interface PendingFile extends BronzeFile {
  readonly dataset: string;
  /** Bytes read so far: the new ones are [`from`, `size`). */
  readonly from: number;
}

/**
 * The files of a bronze folder that have grown since they were last read. Looks at names and sizes only; no file is
 * opened.
 * @param folder such as `raw-tasks`
 * @throws LakeError `BRONZE_TRUNCATED` when a file that was read is gone or shorter than what was read of it
 * @throws LakeError `PATH_OUTSIDE_LAKE`, `NAME_INVALID`, `STORAGE_FAILED`
 */
export async function pendingBronze(
  lake: Lake,
  state: LakeState,
  dataset: string,
  folder: string,
): Promise<PendingFile[]> {
  const listed = await listBronze(lake, folder);
  checkBronze(state, folder, listed);
  return listed
    .map((file) => ({ ...file, dataset, from: bytesRead(state, file.path) }))
    .filter((file) => file.from < file.size);
}

/** How many bytes of a bronze file have been read: none of one that was removed and has come back. */
export function bytesRead(state: LakeState, path: LakePath): number {
  const progress = state.files.get(path);
  return progress === undefined || progress.retired ? 0 : progress.offset;
}

/**
 * Checks that of every bronze file that was read, and that no commit has removed, all bytes are still there.
 * @param listed all files of the folder, from `listBronze`
 * @throws LakeError `BRONZE_TRUNCATED`
 */
export function checkBronze(state: LakeState, folder: string, listed: readonly BronzeFile[]): void {
  const sizes = new Map(listed.map((file) => [file.path, file.size]));
  for (const [path, { offset, retired }] of state.files) {
    if (retired || !path.startsWith(`bronze/${folder}/`)) continue;
    const size = sizes.get(path);
    if (size === undefined || size < offset) throw truncated(path, offset, size ?? null);
  }
}

/** The error of a bronze file that has lost bytes. */
export function truncated(path: LakePath, expected: number, found: number | null): LakeError {
  return new LakeError(
    "BRONZE_TRUNCATED",
    `Expected at least ${expected} bytes in ${path}, which earlier runs have read, found ${found === null ? "no such file" : found}. Bronze only ever grows: restore the file from a backup.`,
    { file: path, expected, found },
  );
}
