import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, COMMITS_FOLDER, type LakePath, resolveInLake } from "../layout/paths.ts";
import { addCommit } from "./add-commit.ts";
import { readCheckpoint } from "./checkpoint.ts";
import { commitPath, highestCommit, readCommitFile } from "./commit-files.ts";
import { parseCommit } from "./commit-format.ts";
import { emptyState, type LakeState } from "./state.ts";

/** More commits than are ever made between two checkpoints. */
const LOOK_AHEAD = 100;

/**
 * Reads the commit log, from its checkpoint on where there is one. Needs no lock; what a run under way has written so far
 * does not count.
 * @throws LakeError `COMMIT_INVALID` when a commit is missing, damaged or does not follow from those before it
 * @throws LakeError `PATH_OUTSIDE_LAKE` when the log is linked out of the lake; `STORAGE_FAILED`
 */
export async function readState(lake: Lake): Promise<LakeState> {
  await resolveInLake(lake, COMMITS_FOLDER);
  const checkpoint = await readCheckpoint(lake);
  const state = checkpoint ?? emptyState();
  do {
    for (;;) {
      const text = await readCommitFile(lake, state.last + 1);
      if (text === null) break;
      const path = commitPath(state.last + 1);
      addCommit(state, parseCommit(text, path), path);
    }
  } while (await moreHaveCome(lake, state.last, checkpoint === null));
  return state;
}

/** Whether another run has just added a commit. A later number without the next one is a gap. */
async function moreHaveCome(lake: Lake, last: number, wholeLog: boolean): Promise<boolean> {
  const later = wholeLog ? await highestCommit(lake) : await laterCommit(lake, last);
  if (later <= last + 1) return false;
  const next = commitPath(last + 1);
  if ((await lake.storage.status(absolutePath(lake, next))) !== null) return true;
  throw missingCommit(next, later);
}

/** The error of a commit that is missing although a later one is there. */
export function missingCommit(file: LakePath, later: number): LakeError {
  return new LakeError(
    "COMMIT_INVALID",
    `Expected the commit ${file}, which is missing although ${commitPath(later)} is there. Restore it from a backup; the commit log is never edited.`,
    { file, later },
  );
}

async function laterCommit(lake: Lake, last: number): Promise<number> {
  for (let number = last + 2; number <= last + LOOK_AHEAD; number++) {
    if ((await lake.storage.status(absolutePath(lake, commitPath(number)))) !== null) return number;
  }
  return 0;
}
