import type { Lake } from "../lake.ts";
import type { Commit } from "./commit.ts";
import { commitPath, readCommitFile } from "./commit-files.ts";
import { parseCommit } from "./commit-format.ts";

/**
 * The last commits of a lake, the latest first.
 * @param last the number of the last one, as `readState` gives it
 * @throws LakeError `COMMIT_INVALID`, `STORAGE_FAILED`
 */
export async function recentCommits(lake: Lake, last: number, count: number): Promise<Commit[]> {
  const commits: Commit[] = [];
  for (let number = last; number > Math.max(0, last - count); number--) {
    const text = await readCommitFile(lake, number);
    if (text !== null) commits.push(parseCommit(text, commitPath(number)));
  }
  return commits;
}
