import type { Lake } from "../lake.ts";
import { absolutePath, COMMITS_FOLDER, type LakePath, PREPARED_FILE } from "../layout/paths.ts";

/** `_medallion/commits/00000000000000000042.json` */
export function commitPath(number: number): LakePath {
  return `${COMMITS_FOLDER}/${String(number).padStart(20, "0")}.json`;
}

/** The text of a commit file; null when there is none. */
export async function readCommitFile(lake: Lake, number: number): Promise<string | null> {
  const path = absolutePath(lake, commitPath(number));
  const text = await lake.storage.readText(path);
  if (text !== "") return text;
  // Where files cannot be linked, a commit is an empty file for the moment before its content is moved in.
  if ((await lake.storage.status(absolutePath(lake, PREPARED_FILE))) !== null) return null;
  return lake.storage.readText(path);
}

/** The highest number of a commit file; 0 when there is none. */
export async function highestCommit(lake: Lake): Promise<number> {
  let highest = 0;
  for (const { name } of await lake.storage.list(absolutePath(lake, COMMITS_FOLDER))) {
    if (/^[0-9]{20}\.json$/.test(name)) highest = Math.max(highest, Number(name.slice(0, 20)));
  }
  return highest;
}
