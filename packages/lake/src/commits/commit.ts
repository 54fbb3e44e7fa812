import type { LakePath } from "../layout/paths.ts";
import type { Day } from "../time/calendar.ts";

/** One entry of the commit log: what a run read, what it wrote, the counts, the rule versions. */
export interface Commit {
  readonly format: 1;
  /** 1, 2, 3, ... without a gap. */
  readonly number: number;
  /** `formatUtc` */
  readonly at: string;
  /** Such as `medallion run`. */
  readonly command: string;
  /** The version of Medallion that wrote it. */
  readonly version: string;
  readonly reads: readonly ReadRange[];
  readonly writes: readonly WrittenFile[];
  readonly removes: readonly LakePath[];
  readonly partitions: readonly PartitionCounts[];
  /** Partitions whose silver this commit has removed because of its age; absent in commits that retire nothing. */
  readonly retired?: readonly RetiredPartition[];
  /** By data set. */
  readonly rules: Readonly<Record<string, RuleVersion>>;
  /**
   * SHA-256 of the previous commit's `running` (none where it has none) followed by the SHA-256 of this commit's text
   * without this member, so that an edit of any commit shows. Absent in commits of earlier versions.
   */
  readonly running?: string;
}

/** The rules of a data set, as its contract names them. */
export interface RuleVersion {
  /** Such as `1.0.0`. */
  readonly version: string;
  /** SHA-256 over all that decides a verdict or a value, in hexadecimal. */
  readonly hash: string;
}

/** A partition whose silver is gone because of its age. Its counts stay. */
export interface RetiredPartition {
  readonly dataset: string;
  readonly day: Day;
}

/** The bytes [`from`, `to`) of a bronze file that a run read. */
export interface ReadRange {
  readonly dataset: string;
  readonly file: LakePath;
  readonly from: number;
  readonly to: number;
  /** Lines in the range that hold more than white space. */
  readonly lines: number;
  /** SHA-256 of the range, in hexadecimal. */
  readonly sha256: string;
  /** SHA-256 of the text of the file's previous `running` (none at `from` 0) followed by `sha256`. */
  readonly running: string;
}

/** A file of silver, quarantine or gold that a commit wrote. */
export interface WrittenFile {
  readonly file: LakePath;
  readonly bytes: number;
  /** Records in it; null where that has no meaning. */
  readonly rows: number | null;
  /** SHA-256 of a file of gold, in hexadecimal; silver can be made again from bronze to compare. */
  readonly sha256?: string;
}

/** Where the records read for a partition went, in one commit. */
export interface PartitionCounts {
  readonly dataset: string;
  readonly day: Day;
  readonly read: number;
  readonly accepted: number;
  readonly duplicate: number;
  readonly quarantined: number;
  /** Rows of earlier commits that accepted records replaced. */
  readonly superseded: number;
  /** Rows the partition gained: `accepted - superseded`; below 0 when records of another day replaced some of it. */
  readonly rows: number;
  /** True: these counts replace all earlier ones of the partition. False: they add to them. */
  readonly rebuilt: boolean;
  /** The bronze files read for it. */
  readonly sources: readonly LakePath[];
  /** Records quarantined, by rule. */
  readonly rejects: Readonly<Record<string, number>>;
  /** Warnings, by rule. */
  readonly warnings: Readonly<Record<string, number>>;
}
