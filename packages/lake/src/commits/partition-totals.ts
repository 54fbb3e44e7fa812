import type { PartitionCounts, RuleVersion } from "./commit.ts";

/** The counts of all commits of a partition since it was last rebuilt. */
export interface PartitionTotals extends Omit<PartitionCounts, "rebuilt"> {
  /** The rules of its data set when it was last written; null when no commit has named any. */
  readonly rules: RuleVersion | null;
  /** The commit that wrote it last. */
  readonly commit: number;
  /** Whether a commit has removed its silver because of its age. Its counts stay, also when the rest is rebuilt. */
  readonly retired: boolean;
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
