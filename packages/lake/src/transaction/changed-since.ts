import type { Commit } from "../commits/commit.ts";
import { commitPath, readCommitFile } from "../commits/commit-files.ts";
import { parseCommit } from "../commits/commit-format.ts";
import type { LakeState } from "../commits/state.ts";
import type { Lake } from "../lake.ts";
import type { LakePath } from "../layout/paths.ts";
import { readPrepared } from "./prepared.ts";

/**
 * The files that commits have written or removed after a state was read, and those of a commit that is being made. A reader
 * that has read several files which change together finds out so whether it may have seen old ones beside new ones.
 * @throws LakeError `COMMIT_INVALID`, `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function changedSince(lake: Lake, state: Pick<LakeState, "last">): Promise<Set<LakePath>> {
  const files = new Set<LakePath>();
  const add = ({ writes, removes }: Commit) => {
    for (const { file } of writes) files.add(file);
    for (const file of removes) files.add(file);
  };
  // First the one that is being made: it may be in the log a moment later, but not the other way round.
  const prepared = await readPrepared(lake);
  if (prepared !== null && prepared.commit.number > state.last) add(prepared.commit);
  for (let number = state.last + 1; ; number++) {
    const text = await readCommitFile(lake, number);
    if (text === null) return files;
    add(parseCommit(text, commitPath(number)));
  }
}
