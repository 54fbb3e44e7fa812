import type { ChangedNumber } from "@medallion/gold";
import type { PartitionCounts } from "@medallion/lake";
import type { PromotedDataset } from "../pipeline/promotions.ts";
import type { PipelineResult } from "../pipeline/run.ts";
import { counted, grouped, table } from "../terminal.ts";

const CHANGES_SHOWN = 20;
const DRIFT_SHOWN = 10;
const COUNTS = ["read", "accepted", "duplicate", "quarantined", "superseded"] as const;
type Sums = Record<(typeof COUNTS)[number], number>;

/** What a run did, for machines. */
export function runDocument({ commit, promoted, documents, changes, drift }: PipelineResult) {
  const partitions = promoted.flatMap(({ promotion }) => promotion.partitions);
  const { duplicate, ...sums } = sumsOf(partitions);
  return {
    status: "done",
    reason: reasonOf(promoted),
    commit: commit.number,
    ...sums,
    duplicates: duplicate,
    datasets: promoted.map(({ plan, promotion }) => ({
      dataset: plan.dataset.name,
      reason: plan.reason,
      ...sumsOf(promotion.partitions),
      rules: promotion.rules,
    })),
    partitions,
    documents,
    changed_numbers: changes,
    drift,
  };
}

function reasonOf(promoted: readonly PromotedDataset[]): string {
  const reasons = new Set(promoted.map(({ plan }) => plan.reason));
  return reasons.size === 0 ? "gold was out of date" : [...reasons].join(", ");
}

function sumsOf(partitions: readonly PartitionCounts[]): Sums {
  const sum = (of: keyof Sums) => partitions.reduce((total, counts) => total + counts[of], 0);
  return {
    read: sum("read"),
    accepted: sum("accepted"),
    duplicate: sum("duplicate"),
    quarantined: sum("quarantined"),
    superseded: sum("superseded"),
  };
}

/** What a run did, for people. */
export function describeRun(result: PipelineResult, seconds: number): string[] {
  const { commit, promoted, documents } = result;
  const partitions = promoted.flatMap(({ promotion }) => promotion.partitions);
  const { read, accepted, duplicate, quarantined, superseded } = sumsOf(partitions);
  const rows = partitions
    .filter((counts) => counts.read + counts.superseded > 0)
    .map((counts) => [counts.dataset, counts.day, ...COUNTS.map((name) => counts[name])]);
  const replaced = superseded > 0 ? `, ${superseded} replacing earlier rows` : "";
  return [
    `Read ${counted(read, "record")} (${reasonOf(promoted)}): ${accepted} accepted, ${counted(duplicate, "duplicate")}, ${quarantined} quarantined${replaced}.`,
    ...(rows.length === 0 ? [] : table(["data set", "day", ...COUNTS], rows).map((line) => `  ${line}`)),
    ...promoted.flatMap(brokenRules),
    ...shortened(result.driftText),
    ...describeChanges(result.changes),
    `Wrote ${counted(documents.length, "document")} (commit ${commit.number}, ${seconds.toFixed(1)} s).`,
  ];
}

/** The published numbers that changed, from what to what. */
export function describeChanges(changes: readonly ChangedNumber[]): string[] {
  if (changes.length === 0) return [];
  const documents = new Set(changes.map(({ document }) => document));
  const shown = changes
    .slice(0, CHANGES_SHOWN)
    .map(({ document, path, from, to }) => `  ${document} ${path}: ${from ?? "none"} -> ${to ?? "none"}`);
  const more = changes.length - shown.length;
  return [
    `${counted(changes.length, "published number")} changed in ${counted(documents.size, "document")}:`,
    ...shown,
    ...(more > 0 ? [`  (and ${grouped(more)} more; --json has all)`] : []),
  ];
}

/** How the fields of days differ from those of the days before. */
function shortened(drift: readonly string[]): string[] {
  const more = drift.length - DRIFT_SHOWN;
  if (more <= 0) return [...drift];
  return [...drift.slice(0, DRIFT_SHOWN), `(and ${counted(more, "finding")} more; --json has all)`];
}

function brokenRules({ plan: { dataset }, promotion }: PromotedDataset): string[] {
  const broken = promotion.rules.filter(({ failed }) => failed > 0);
  const listOf = (rules: typeof broken) => rules.map(({ id, failed }) => `${id} ${failed}`).join(", ");
  const setAside = broken.filter(({ severity }) => severity !== "warn");
  const warned = broken.filter(({ severity }) => severity === "warn");
  return [
    ...(setAside.length === 0
      ? []
      : [
          `Quarantined in ${dataset.name} by rule: ${listOf(setAside)}. The records are in silver/quarantine/${dataset.name}.`,
        ]),
    ...(warned.length === 0 ? [] : [`Warnings in ${dataset.name} by rule: ${listOf(warned)}.`]),
  ];
}
