import { basename, join } from "node:path";
import type { Lake } from "../lake.ts";
import { PREPARED_FILE, resolveInLake, TEMPORARY_FOLDER } from "../layout/paths.ts";
import { lockHolder } from "../lock/holder.ts";
import { type LakeLock, removeOldClaims } from "../lock/lock.ts";
import { stateOfTag } from "../lock/processes.ts";
import { cleanUp, finishPrepared, readPrepared } from "./prepared.ts";

/** Only the holder of the lock has a folder of this name in `_medallion/tmp`. */
export const TRANSACTION_PREFIX = "transaction-";

/** Of temporary files whose process is on another host, or unknown. */
const LEFTOVER_AGE_MS = 86_400_000;

/** Repairs what dead runs left: a prepared commit is finished, and what else they left in `_medallion/tmp` goes. */
export async function recover(lake: Lake, lock: LakeLock): Promise<void> {
  const prepared = await readPrepared(lake);
  if (prepared !== null) {
    await finishPrepared(lake, prepared);
    await cleanUp(lake, prepared);
  }
  // What is deleted here must be the lake's own, whatever the folder has been linked to.
  const folder = await resolveInLake(lake, TEMPORARY_FOLDER);
  for (const { name } of await lake.storage.list(folder)) {
    const path = join(folder, name);
    if (name.startsWith(TRANSACTION_PREFIX) || (await isAbandoned(lake, path, name))) await lake.storage.remove(path);
  }
  await removeOldClaims(lake, lock);
}

/**
 * Whether a process that died left something that the next transaction puts right: a prepared commit, its lock, or temporary
 * files. False while another process has the lock, for then it does that.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function needsRecovery(lake: Lake): Promise<boolean> {
  const holder = await lockHolder(lake);
  if (holder !== null) return holder !== "unreadable" && holder.state === "ended";
  const folder = await resolveInLake(lake, TEMPORARY_FOLDER);
  for (const { name } of await lake.storage.list(folder)) {
    if (name === basename(PREPARED_FILE) || name.startsWith(TRANSACTION_PREFIX)) return true;
    if (await isAbandoned(lake, join(folder, name), name)) return true;
  }
  return false;
}

/** Bronze writers need no lock, and have temporary files as well: those of running processes stay. */
async function isAbandoned(lake: Lake, path: string, name: string): Promise<boolean> {
  const state = stateOfTag(name.split(".")[1] ?? "");
  if (state !== "unknown") return state === "ended";
  const status = await lake.storage.status(path);
  return status !== null && status.modified < Date.now() - LEFTOVER_AGE_MS;
}
