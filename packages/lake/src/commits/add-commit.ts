import { LakeError } from "../errors.ts";
import { firstPartOf, isQuarantine } from "../layout/layout.ts";
import type { LakePath } from "../layout/paths.ts";
import { checkBalance } from "./balance.ts";
import type { Commit, ReadRange, RetiredPartition } from "./commit.ts";
import { addCounts } from "./partition-totals.ts";
import { runningChecksum } from "./running-checksum.ts";
import { type GrowingState, partitionKey } from "./state.ts";

/**
 * Adds a commit to a state, after checking that it follows on it.
 * @throws LakeError `COMMIT_INVALID`, `COUNTS_DO_NOT_BALANCE`
 */
export function addCommit(state: GrowingState, commit: Commit, file: LakePath): void {
  if (commit.number !== state.last + 1) {
    throw inconsistent(file, `expected number ${state.last + 1}, found ${commit.number}`);
  }
  for (const [dataset, rule] of Object.entries(commit.rules)) state.rules.set(dataset, rule);
  for (const range of commit.reads) addRange(state, range, file);
  for (const counts of commit.partitions) {
    checkBalance(counts);
    const key = partitionKey(counts.dataset, counts.day);
    const rules = state.rules.get(counts.dataset) ?? null;
    const earlier = state.partitions.get(key);
    if (earlier?.retired && counts.rows !== 0) {
      throw inconsistent(file, `${key}: expected no rows for a partition that is retired, found ${counts.rows}`);
    }
    const totals = addCounts(earlier, counts, rules, commit.number);
    if (totals.rows < 0)
      throw inconsistent(file, `${key}: expected rows that can be replaced, found ${totals.rows} left`);
    state.partitions.set(key, totals);
  }
  for (const partition of commit.retired ?? []) retire(state, partition, file);
  for (const written of commit.writes) {
    if (firstPartOf(written.file) !== null)
      (isQuarantine(written.file) ? state.quarantine : state.silver).add(written.file);
    if (written.file.startsWith("gold/")) state.gold.set(written.file, { commit: commit.number });
  }
  for (const removed of commit.removes) {
    state.silver.delete(removed);
    state.quarantine.delete(removed);
    state.gold.delete(removed);
    const progress = state.files.get(removed);
    if (progress !== undefined) state.files.set(removed, { ...progress, retired: true });
  }
  state.last = commit.number;
  state.lastCommit = commit;
}

function retire(state: GrowingState, { dataset, day }: RetiredPartition, file: LakePath): void {
  const key = partitionKey(dataset, day);
  const totals = state.partitions.get(key);
  if (totals === undefined || totals.retired) {
    const found = totals === undefined ? "which no commit has made" : "which is retired already";
    throw inconsistent(file, `expected to retire a partition that has silver, found ${key}, ${found}`);
  }
  state.partitions.set(key, { ...totals, retired: true });
}

function addRange(state: GrowingState, range: ReadRange, file: LakePath): void {
  const known = state.files.get(range.file);
  const earlier = known?.retired ? undefined : known;
  const again = range.from === 0;
  const at = `${range.file}, bytes ${range.from} to ${range.to}`;
  if (known !== undefined && known.dataset !== range.dataset) {
    throw inconsistent(file, `${at}: expected the data set ${known.dataset}, found ${range.dataset}`);
  }
  if (!again && range.from !== (earlier?.offset ?? 0)) {
    throw inconsistent(file, `${at}: expected a start at byte ${earlier?.offset ?? 0}, where the last read ended`);
  }
  if (earlier !== undefined && range.to < earlier.offset) {
    throw inconsistent(file, `${at}: expected an end at byte ${earlier.offset} or later, which was read before`);
  }
  const previous = again ? "" : (earlier?.running ?? "");
  if (range.running !== runningChecksum(previous, range.sha256)) {
    throw inconsistent(file, `${at}: the running checksum does not follow from the one before`);
  }
  const lines = (again ? 0 : (earlier?.lines ?? 0)) + range.lines;
  const { dataset, to: offset, running } = range;
  state.files.set(range.file, { dataset, offset, lines, running, retired: false });
}

function inconsistent(file: LakePath, problem: string): LakeError {
  return new LakeError(
    "COMMIT_INVALID",
    `${file} does not follow from the commits before it: ${problem}. Restore the commit log from a backup; it is never edited.`,
    { file, problem },
  );
}
