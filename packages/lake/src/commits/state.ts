import type { LakePath } from "../layout/paths.ts";
import type { Day } from "../time/calendar.ts";
import type { Commit, RuleVersion } from "./commit.ts";
import type { PartitionTotals } from "./partition-totals.ts";

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
  /** The files of the partitions of silver (`partitionFiles`). */
  readonly silver: ReadonlySet<LakePath>;
  /** The files of quarantine (`quarantineFiles`). */
  readonly quarantine: ReadonlySet<LakePath>;
  /** The documents of gold, with the commit that wrote them last. */
  readonly gold: ReadonlyMap<LakePath, { readonly commit: number }>;
  /** Null when there is none. */
  readonly lastCommit: Commit | null;
}

/** How far a bronze file was read. */
export interface FileProgress {
  readonly dataset: string;
  /** The bytes before it have been read. */
  readonly offset: number;
  /** Lines before it that hold more than white space. */
  readonly lines: number;
  /** The running checksum of the bytes before it. */
  readonly running: string;
  /** Whether a commit has removed the file: the rest says what it was. A file that comes back is read from byte 0. */
  readonly retired: boolean;
}

/** A {@link LakeState} while commits are being added to it. */
export interface GrowingState {
  last: number;
  readonly files: Map<LakePath, FileProgress>;
  readonly partitions: Map<string, PartitionTotals>;
  readonly rules: Map<string, RuleVersion>;
  readonly silver: Set<LakePath>;
  readonly quarantine: Set<LakePath>;
  readonly gold: Map<LakePath, { readonly commit: number }>;
  lastCommit: Commit | null;
}

/** `<data set>/<day>` */
export function partitionKey(dataset: string, day: Day): string {
  return `${dataset}/${day}`;
}

/** The state of a lake without commits. */
export function emptyState(): GrowingState {
  return {
    last: 0,
    files: new Map(),
    partitions: new Map(),
    rules: new Map(),
    silver: new Set(),
    quarantine: new Set(),
    gold: new Map(),
    lastCommit: null,
  };
}

/** A state to which commits can be added, while the one it was made of stays as it is. */
export function copyState(state: LakeState): GrowingState {
  return {
    ...state,
    files: new Map(state.files),
    partitions: new Map(state.partitions),
    rules: new Map(state.rules),
    silver: new Set(state.silver),
    quarantine: new Set(state.quarantine),
    gold: new Map(state.gold),
  };
}
