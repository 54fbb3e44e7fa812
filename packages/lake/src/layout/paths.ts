import { dirname, join, sep } from "node:path";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { isDeviceName } from "./names.ts";

/** A path of a lake, relative to its root, with "/" between the names: `bronze/raw-tasks/20251127.jsonl`. */
export type LakePath = string;

/** The format and the time zone of the lake. */
export const LAKE_FILE: LakePath = "_medallion/lake.json";
export const LOCK_FILE: LakePath = "_medallion/lock";
export const COMMITS_FOLDER: LakePath = "_medallion/commits";
export const CHECKPOINT_FILE: LakePath = "_medallion/checkpoint.json";
export const NAMES_FOLDER: LakePath = "_medallion/names";
export const TEMPORARY_FOLDER: LakePath = "_medallion/tmp";
export const PREPARED_FILE: LakePath = "_medallion/tmp/prepared.json";
/** The folders that every lake has. */
export const LAKE_FOLDERS: readonly LakePath[] = [
  "bronze",
  "silver",
  "gold",
  COMMITS_FOLDER,
  NAMES_FOLDER,
  TEMPORARY_FOLDER,
];

/** A member of a path that every system takes as it is. Upper case occurs in ISO weeks only. */
const SAFE_MEMBER = /^(?![.-])[A-Za-z0-9_%~.-]{1,200}(?<!\.)$/;

/** Whether a text is a path that stays in the lake and has no name that a system would take differently. */
export function isLakePath(path: string): boolean {
  return path.split("/").every((member) => SAFE_MEMBER.test(member) && !isDeviceName(member.toLowerCase()));
}

/**
 * The absolute path of a lake path, by its names alone. What may have been named by someone else goes through
 * `resolveInLake`, which also looks at symbolic links.
 * @throws LakeError `PATH_OUTSIDE_LAKE` when the path is not one
 */
export function absolutePath(lake: Pick<Lake, "root">, path: LakePath): string {
  if (isLakePath(path)) return join(lake.root, ...path.split("/"));
  throw outside(lake, path, "it is not a relative path of plain names");
}

/**
 * The absolute path of a lake path, which need not exist.
 * @throws LakeError `PATH_OUTSIDE_LAKE` when it is no such path, or a symbolic link on it leads out of the lake
 */
export async function resolveInLake(lake: Lake, path: LakePath): Promise<string> {
  const absolute = absolutePath(lake, path);
  const root = await lake.storage.realPath(lake.root);
  if (root === null) return absolute;
  for (let place = absolute; place.length > lake.root.length; place = dirname(place)) {
    const real = await lake.storage.realPath(place);
    if (real !== null) {
      if (real === root || real.startsWith(root.endsWith(sep) ? root : root + sep)) return absolute;
      throw outside(lake, path, `the symbolic link at or above it leads to ${real}`);
    }
    // What is there now and was not a moment ago is no link: then the folder above tells.
    if ((await lake.storage.status(place))?.kind === "link") {
      throw outside(lake, path, `${place} is a symbolic link to nothing`);
    }
  }
  return absolute;
}

function outside(lake: Pick<Lake, "root">, path: string, reason: string): LakeError {
  return new LakeError(
    "PATH_OUTSIDE_LAKE",
    `Expected a path inside the lake ${lake.root}, found ${JSON.stringify(path)}: ${reason}. Keep all data of a lake in its own folder.`,
    { root: lake.root, path, reason },
  );
}
