import type { Lake } from "../lake.ts";
import type { Day } from "../time/calendar.ts";
import type { PartitionCounts, ReadRange, RuleVersion } from "./commit.ts";
import { commitPath, readCommitFile } from "./commit-files.ts";
import { parseCommit } from "./commit-format.ts";
import { missingCommit } from "./read-state.ts";

/** What one commit counted of a partition. */
export interface CountedCommit {
  readonly number: number;
  readonly counts: PartitionCounts;
  /** The ranges of bronze that hold records of the partition, among others. */
  readonly reads: readonly ReadRange[];
  /** The rules by which the records were judged; null when the log names none. */
  readonly rules: RuleVersion | null;
  /** Whether the silver of the partition was retired by an earlier commit. */
  readonly retired: boolean;
}

/**
 * The commits whose counts add up to those of a partition, as the log said after commit `upTo`: the last one that has
 * made it anew, and those after it. None when no commit counted anything of it.
 * @throws LakeError `COMMIT_INVALID` when a commit is missing or damaged
 * @throws LakeError `STORAGE_FAILED`
 */
export async function partitionHistory(
  lake: Lake,
  dataset: string,
  day: Day,
  upTo: number,
): Promise<readonly CountedCommit[]> {
  let history: CountedCommit[] = [];
  let rules: RuleVersion | null = null;
  let retired = false;
  for (let number = 1; number <= upTo; number++) {
    const path = commitPath(number);
    const text = await readCommitFile(lake, number);
    if (text === null) throw missingCommit(path, upTo);
    const commit = parseCommit(text, path);
    rules = new Map(Object.entries(commit.rules)).get(dataset) ?? rules;
    for (const counts of commit.partitions) {
      if (counts.dataset !== dataset || counts.day !== day || (counts.rebuilt && retired)) continue;
      if (counts.rebuilt) history = [];
      const sources = new Set(counts.sources);
      const reads = commit.reads.filter((read) => read.dataset === dataset && sources.has(read.file));
      history.push({ number, counts, reads, rules, retired });
    }
    if (commit.retired?.some((partition) => partition.dataset === dataset && partition.day === day)) retired = true;
  }
  return history;
}
