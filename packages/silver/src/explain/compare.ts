import type { CountedCommit, PartitionCounts } from "@medallion/lake";
import type { ReplayedRecord } from "./records.ts";

type Counts = Pick<
  PartitionCounts,
  "read" | "accepted" | "duplicate" | "quarantined" | "superseded" | "rejects" | "warnings"
>;

/** A commit whose counts are not those of the replay. */
export interface CountDifference {
  readonly commit: number;
  /** How many more rows of earlier runs the commit replaced than the replay. */
  readonly superseded: number;
  readonly logged: string;
  readonly replayed: string;
}

/** Compares the counts of every commit with the records that were replayed for it. */
export function compareReplay(
  history: readonly CountedCommit[],
  records: readonly ReplayedRecord[],
): CountDifference[] {
  const byCommit = new Map<number, ReplayedRecord[]>();
  const superseded = new Map<number, number>();
  for (const record of records) {
    const list = byCommit.get(record.commit);
    if (list === undefined) byCommit.set(record.commit, [record]);
    else list.push(record);
    const { supersededBy } = record;
    if (supersededBy !== null) superseded.set(supersededBy, (superseded.get(supersededBy) ?? 0) + 1);
  }
  return history.flatMap(({ number, counts }) => {
    const found = countsOf(byCommit.get(number) ?? [], superseded.get(number) ?? 0);
    const [logged, replayed] = [textOf(counts), textOf(found)];
    if (logged === replayed) return [];
    return [{ commit: number, superseded: counts.superseded - found.superseded, logged, replayed }];
  });
}

function countsOf(records: readonly ReplayedRecord[], superseded: number): Counts {
  const count = (test: (record: ReplayedRecord) => boolean) => records.filter(test).length;
  return {
    read: records.length,
    accepted: count(({ outcome }) => outcome === "row" || outcome === "superseded"),
    duplicate: count(({ outcome }) => outcome === "duplicate"),
    quarantined: count(({ outcome }) => outcome === "quarantined"),
    superseded,
    rejects: tally(records.flatMap(({ rule }) => (rule === null ? [] : [rule]))),
    warnings: tally(records.flatMap((record) => record.warnings)),
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

function textOf({ read, accepted, duplicate, quarantined, superseded, rejects, warnings }: Counts): string {
  const byRule = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([rule, count]) => `, ${rule} ${count}`)
      .join("");
  return `${read} read, ${accepted} accepted, ${duplicate} duplicate, ${quarantined} quarantined, ${superseded} superseded${byRule(rejects)}${byRule(warnings)}`;
}
