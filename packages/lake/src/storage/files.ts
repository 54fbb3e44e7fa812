import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import type { Lake } from "../lake.ts";
import { type LakePath, resolveInLake, TEMPORARY_FOLDER } from "../layout/paths.ts";
import { processTag } from "../lock/processes.ts";

/**
 * A path for a temporary file or folder of this process, in `_medallion/tmp`; nothing is created. What is left there when
 * the process has ended goes with the next transaction; on another host, a day after it was last changed.
 * @param label says what it is for: a-z, 0-9 and hyphens
 */
export function temporaryPath(label: string): LakePath {
  return `${TEMPORARY_FOLDER}/${label}.${processTag()}.${randomUUID()}`;
}

/**
 * Writes a file of the lake in one step: readers see the old content or the new, also after a crash. The folders above
 * it are created. On return the file is on disk.
 * @throws LakeError `PATH_OUTSIDE_LAKE`, `STORAGE_FAILED`
 */
export async function replaceFile(lake: Lake, path: LakePath, content: string | Uint8Array): Promise<void> {
  const target = await resolveInLake(lake, path);
  await withTemporary(lake, temporaryPath("file"), content, async (temporary) => {
    await lake.storage.makeFolder(dirname(target));
    await lake.storage.rename(temporary, target);
    await lake.storage.sync(dirname(target));
  });
}

/**
 * As `replaceFile`, for a name that must be new: of several processes at once, one gets true.
 * @param temporaryFile where the content is written first
 * @throws LakeError `PATH_OUTSIDE_LAKE`, `STORAGE_FAILED`
 */
export async function createFile(
  lake: Lake,
  path: LakePath,
  content: string | Uint8Array,
  temporaryFile: LakePath = temporaryPath("file"),
): Promise<boolean> {
  const target = await resolveInLake(lake, path);
  return withTemporary(lake, temporaryFile, content, async (temporary) => {
    const result = await lake.storage.link(temporary, target);
    if (result === "exists") return false;
    if (result === "unsupported") {
      // Without hard links the name is taken with an empty file first. What reads such files knows that one.
      if (!(await lake.storage.claim(target))) return false;
      await lake.storage.rename(temporary, target);
    }
    await lake.storage.sync(dirname(target));
    return true;
  });
}

async function withTemporary<T>(
  lake: Lake,
  temporaryFile: LakePath,
  content: string | Uint8Array,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = await resolveInLake(lake, temporaryFile);
  await lake.storage.makeFolder(dirname(temporary));
  try {
    await lake.storage.write(temporary, content);
    return await use(temporary);
  } finally {
    await lake.storage.remove(temporary);
  }
}
