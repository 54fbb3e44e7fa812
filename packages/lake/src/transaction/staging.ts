import { dirname } from "node:path";
import { bytesRead } from "../bronze/pending.ts";
import type { LakeState } from "../commits/state.ts";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, type LakePath, resolveInLake } from "../layout/paths.ts";

/** A file in the staging folder and the place it will have. */
export interface StagedFile {
  readonly from: LakePath;
  readonly to: LakePath;
}

/**
 * Makes a staged file durable and sees to it that nothing stands in the way of its move: after the commit is prepared it
 * is too late to refuse. Returns its size in bytes.
 */
export async function checkStaged(lake: Lake, file: StagedFile): Promise<number> {
  const staged = absolutePath(lake, file.from);
  const status = await lake.storage.status(staged);
  if (status?.kind !== "file") {
    throw refusal(
      file.to,
      `Expected the staged file ${staged}, found ${status === null ? "none" : `a ${status.kind}`}`,
    );
  }
  const target = await resolveInLake(lake, file.to);
  await lake.storage.makeFolder(dirname(target));
  const place = await lake.storage.status(target);
  if (place !== null && place.kind !== "file")
    throw refusal(file.to, `Expected a file or nothing, found a ${place.kind}`);
  const folder = await lake.storage.status(dirname(target));
  if (folder !== null && folder.device !== status.device) {
    throw refusal(file.to, "Expected all folders of the lake on one file system, found this one on another");
  }
  await lake.storage.sync(staged);
  return status.size;
}

/**
 * As `checkStaged`, for a path that the commit deletes: it must be a file, or nothing, and of a bronze file every byte
 * must have been read.
 */
export async function checkRemoved(lake: Lake, state: LakeState, path: LakePath): Promise<void> {
  const place = await lake.storage.status(await resolveInLake(lake, path));
  if (place === null) return;
  if (place.kind !== "file") throw refusal(path, `Expected a file or nothing, found a ${place.kind}`);
  const read = bytesRead(state, path);
  if (path.startsWith("bronze/") && place.size > read) {
    throw refusal(path, `Expected that all of its ${place.size} bytes have been read, found ${read}`);
  }
}

function refusal(path: LakePath, problem: string): LakeError {
  return new LakeError("LAKE_INVALID", `${path} cannot be committed. ${problem}. Nothing was changed.`, {
    file: path,
    problem,
  });
}
