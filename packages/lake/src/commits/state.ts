import { createHash } from "node:crypto";
import { LakeError } from "../errors.ts";
import type { LakePath } from "../layout/paths.ts";
import type { Day } from "../time/calendar.ts";
import type { Commit, PartitionCounts, ReadRange, RetiredPartition, RuleVersion } from "./commit.ts";
import { checkBalance } from "./counts.ts";

/** What the commit log says after its last commit. */
export interface LakeState {
  /** Number of the last commit; 0 when there is none. */
  readonly last: number;
  /** How far each bronze file was read. */
  readonly files: ReadonlyMap<LakePath, FileProgress>;
  /** By `partitionKey`. */
  readonly partitions: ReadonlyMap<string, PartitionTotals>;
  /** The rules of the last commit that named any, by data set. */
  readonly rules: ReadonlyMap<string, RuleVersion>;
  /** The documents of gold, with the commit that wrote them last. */
  readonly gold: ReadonlyMap<LakePath, { readonly commit: number }>;
  readonly lastCommit: Commit | null;
}

export interface FileProgress {
  readonly dataset: string;
  /** The bytes before it have been read. */
  readonly offset: number;
  readonly lines: number;
  readonly running: string;
  /** Whether a commit has removed the file: the rest says what it was. A file that comes back is read from byte 0. */
  readonly retired: boolean;
}

/** The counts of all commits of a partition since it was last rebuilt. */
export interface PartitionTotals extends Omit<PartitionCounts, "rebuilt"> {
  /** The rules of its data set when it was last written; null when no commit has named any. */
  readonly rules: RuleVersion | null;
  /** The commit that wrote it last. */
  readonly commit: number;
  /** Whether a commit has removed its silver because of its age. Its counts stay, also when the rest is rebuilt. */
  readonly retired: boolean;
}

/** The same, while commits are being added. */
export interface GrowingState {
  last: number;
  readonly files: Map<LakePath, FileProgress>;
  readonly partitions: Map<string, PartitionTotals>;
  readonly rules: Map<string, RuleVersion>;
  readonly gold: Map<LakePath, { readonly commit: number }>;
  lastCommit: Commit | null;
}

/** `<data set>/<day>` */
export function partitionKey(dataset: string, day: Day): string {
  return `${dataset}/${day}`;
}

export function emptyState(): GrowingState {
  return { last: 0, files: new Map(), partitions: new Map(), rules: new Map(), gold: new Map(), lastCommit: null };
}

/**
 * The running checksum of a file after a further range.
 * @param previous the running checksum before it; `""` at the start of the file
 * @param sha256 of the range
 */
export function runningChecksum(previous: string, sha256: string): string {
  return createHash("sha256")
    .update(previous + sha256)
    .digest("hex");
}

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
    if (written.file.startsWith("gold/")) state.gold.set(written.file, { commit: commit.number });
  }
  for (const removed of commit.removes) {
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

/**
 * The totals of a partition after a further commit; without earlier ones when that commit has rebuilt it. A retired
 * partition cannot be rebuilt, for what it was made from may be gone: its totals stay as they are.
 * @param earlier undefined when there are none
 */
export function addCounts(
  earlier: PartitionTotals | undefined,
  counts: PartitionCounts,
  rules: RuleVersion | null,
  commit: number,
): PartitionTotals {
  const { rebuilt, ...added } = counts;
  if (earlier?.retired && rebuilt) return earlier;
  if (earlier === undefined || rebuilt) return { ...added, rules, commit, retired: false };
  return {
    dataset: added.dataset,
    day: added.day,
    read: earlier.read + added.read,
    accepted: earlier.accepted + added.accepted,
    duplicate: earlier.duplicate + added.duplicate,
    quarantined: earlier.quarantined + added.quarantined,
    superseded: earlier.superseded + added.superseded,
    rows: earlier.rows + added.rows,
    sources: [...new Set([...earlier.sources, ...added.sources])],
    rejects: addRecords(earlier.rejects, added.rejects),
    warnings: addRecords(earlier.warnings, added.warnings),
    rules,
    commit,
    retired: earlier.retired,
  };
}

function addRecords(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sums = new Map(Object.entries(a));
  for (const [key, count] of Object.entries(b)) sums.set(key, (sums.get(key) ?? 0) + count);
  return Object.fromEntries(sums);
}

function inconsistent(file: LakePath, problem: string): LakeError {
  return new LakeError(
    "COMMIT_INVALID",
    `${file} does not follow from the commits before it: ${problem}. Restore the commit log from a backup; it is never edited.`,
    { file, problem },
  );
}
