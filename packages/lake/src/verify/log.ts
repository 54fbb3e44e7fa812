import { addCommit } from "../commits/add-commit.ts";
import type { Commit, ReadRange, WrittenFile } from "../commits/commit.ts";
import { commitPath, highestCommit, readCommitFile } from "../commits/commit-files.ts";
import { commitChecksum, commitText, parseCommit } from "../commits/commit-format.ts";
import { emptyState, type LakeState } from "../commits/state.ts";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import type { LakePath } from "../layout/paths.ts";
import type { Difference } from "./difference.ts";

/** A range of bronze and the commit that read it. */
export interface CommittedRange extends ReadRange {
  readonly commit: number;
}

/** A file that stands and the commit that wrote it. */
export interface CommittedFile extends WrittenFile {
  readonly commit: number;
}

/** What the whole commit log says, read without its checkpoint. */
export interface VerifiedLog {
  /** Up to the first commit that is damaged. */
  readonly state: LakeState;
  readonly differences: readonly Difference[];
  /** The ranges that make up what was read of each bronze file that stands, in their order. */
  readonly ranges: ReadonlyMap<LakePath, readonly CommittedRange[]>;
  /** The files of silver and gold that stand. */
  readonly files: ReadonlyMap<LakePath, CommittedFile>;
  /** The running checksum of every commit that has one, from the first on. Who has noted one sees a log that was written anew. */
  readonly running: readonly string[];
}

/**
 * Reads every commit and checks that each is as it was written, follows from those before it and has their running
 * checksum. Commits of versions that wrote none are checked for what follows from their numbers only.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function verifyLog(lake: Lake): Promise<VerifiedLog> {
  const state = emptyState();
  const differences: Difference[] = [];
  const ranges = new Map<LakePath, CommittedRange[]>();
  const files = new Map<LakePath, CommittedFile>();
  const running: string[] = [];
  const highest = await highestCommit(lake);
  for (let number = 1; number <= highest; number++) {
    const path = commitPath(number);
    const text = await readCommitFile(lake, number);
    if (text === null) {
      differences.push({
        file: path,
        kind: "missing",
        problem: `expected a commit, as ${commitPath(highest)} is there`,
      });
      break;
    }
    try {
      const commit = parseCommit(text, path);
      const problem = problemOf(text, commit, running.at(-1));
      if (problem !== null) differences.push({ file: path, kind: "changed", problem });
      addCommit(state, commit, path);
      for (const read of commit.reads) {
        const earlier = read.from === 0 ? [] : (ranges.get(read.file) ?? []);
        ranges.set(read.file, [...earlier, { ...read, commit: number }]);
      }
      for (const written of commit.writes) files.set(written.file, { ...written, commit: number });
      for (const removed of commit.removes) {
        files.delete(removed);
        ranges.delete(removed);
      }
      if (commit.running !== undefined) running.push(commit.running);
    } catch (error) {
      if (!(error instanceof LakeError)) throw error;
      differences.push({ file: path, kind: "changed", problem: error.message });
      break;
    }
  }
  return { state, differences, ranges, files, running };
}

function problemOf(text: string, commit: Commit, previous: string | undefined): string | null {
  if (text !== commitText(commit))
    return "expected the text of a commit as it was written, found other white space, keys or order";
  if (commit.running === undefined) {
    return previous === undefined ? null : "expected a running checksum, as the commit before has one, found none";
  }
  const expected = commitChecksum(previous ?? "", commit);
  if (commit.running === expected) return null;
  return `expected the running checksum ${expected} of this commit and those before it, found ${commit.running}: it was edited, or one before it`;
}
