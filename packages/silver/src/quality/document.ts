import { type Day, formatUtc, type Micros } from "@medallion/lake/time";
import { rulesVersion } from "@medallion/schema/contract";
import { type FieldProfile, valuesIn } from "@medallion/schema/evolution";
import type { DataQuality, QualityFinding } from "@medallion/schema/gold";
import { describeAge, type FreshnessLimits, freshnessOf } from "./freshness.ts";
import { round, weekdayScores } from "./history.ts";
import type { QualityDataset } from "./partitions.ts";
import { type DayRows, mixedFields } from "./rows.ts";

const MOST_MASTERS = 1000;

/** What is known of a data set when the document of a day is made. */
export interface DatasetFacts {
  readonly of: QualityDataset;
  readonly profile: FieldProfile | null;
  /** Of the day itself. */
  readonly rows: DayRows | null;
  /** The newest record up to the day, in microseconds. */
  readonly newest: Micros | null;
  readonly limits: FreshnessLimits;
}

/** What a quality document is made of. */
export interface QualityFacts {
  readonly day: Day;
  readonly timeZone: string;
  readonly generatedAt: Micros;
  /** The end of the day, or `generatedAt` where that is earlier. */
  readonly at: Micros;
  readonly complete: boolean;
  readonly datasets: readonly DatasetFacts[];
  readonly backwards: number;
  readonly unknownTasks: number | null;
  readonly masters: ReadonlyMap<string, number>;
  /** The masters of the last days before with tasks, at most seven, the latest first. */
  readonly earlierMasters: readonly (readonly string[])[];
}

type DatasetQuality = DataQuality["datasets"][number];
type Level = DataQuality["level"];

/** Fewer days before say nothing of a silent master. */
const FEWEST_DAYS = 3;

/** Makes the document of a day. Pure. */
export function qualityDocument(facts: QualityFacts): DataQuality {
  const { day, datasets, masters } = facts;
  const scores = datasets.flatMap(({ of }) =>
    weekdayScores(of.dataset.name, day, facts.complete, (other) => of.partitions.get(other)?.totals ?? null),
  );
  const described = datasets.map((item) => describeDataset(item, day, facts.at));
  const silent = facts.complete ? silentMasters(facts) : [];
  const ahead = datasets.map(({ of, rows }) => [of.dataset.name, rows?.ahead ?? 0] as const);
  const agents = {
    backwards: facts.backwards,
    unknown_tasks: facts.unknownTasks,
    clocks_ahead: ahead.reduce((sum, [, count]) => sum + count, 0),
    silent_masters: silent,
    masters: [...masters]
      .map(([master, rows]) => ({ master, rows }))
      .sort((a, b) => (a.master < b.master ? -1 : 1))
      .slice(0, MOST_MASTERS),
  };
  const findings = [
    ...described.flatMap(datasetFindings),
    ...scores.flatMap((score) => (score.flagged ? [historyFinding(score)] : [])),
    ...agentFindings(agents, ahead),
  ];
  const levelOf = (found: readonly QualityFinding[]): Level => {
    if (found.some(({ level }) => level === "error")) return "error";
    return found.length > 0 ? "warn" : "ok";
  };
  return {
    date: day,
    layer: "gold",
    generated_at: formatUtc(facts.generatedAt),
    timezone: facts.timeZone,
    complete: facts.complete,
    level: levelOf(findings),
    datasets: described.map((item) => ({
      ...item,
      level: levelOf(findings.filter(({ dataset }) => dataset === item.dataset)),
    })),
    agents,
    history: scores,
    findings,
    inputs: datasets.flatMap(({ of }) => {
      const partition = of.partitions.get(day);
      return partition === undefined || partition.paths.length === 0
        ? []
        : [{ file: partition.file, rows: partition.totals.rows }];
    }),
  };
}

function describeDataset({ of, profile, rows, newest, limits }: DatasetFacts, day: Day, at: Micros): DatasetQuality {
  const { dataset } = of;
  const totals = of.partitions.get(day)?.totals;
  const { read = 0, accepted = 0, duplicate = 0, quarantined = 0, superseded = 0 } = totals ?? {};
  const percent = (part: number, whole: number) => (whole === 0 ? null : round((part / whole) * 100));
  const mixed = mixedFields(dataset);
  const completeness = dataset.fields.flatMap(({ name, required }) => {
    if (required) return [];
    if (mixed.includes(name)) return [{ field: name, rate: percent(rows?.filled.get(name) ?? 0, totals?.rows ?? 0) }];
    const field = profile?.fields.find((item) => item.name === name);
    const records = profile?.records ?? 0;
    return [{ field: name, rate: percent(field === undefined ? 0 : valuesIn(field), records) }];
  });
  return {
    dataset: dataset.name,
    rules_version: rulesVersion(dataset),
    level: "ok",
    volume: { read, accepted, rows: totals?.rows ?? 0 },
    validity: {
      valid_rate: percent(read - quarantined, read),
      quarantined,
      rejects: sorted(totals?.rejects ?? {}),
      warnings: sorted(totals?.warnings ?? {}),
    },
    uniqueness: {
      unique_rate: percent(accepted - superseded, accepted + duplicate),
      duplicates: duplicate,
      superseded,
    },
    completeness,
    freshness: freshnessOf(newest, at, limits),
  };
}

function silentMasters({ masters, earlierMasters }: QualityFacts): string[] {
  const [latest, ...others] = earlierMasters;
  if (latest === undefined || earlierMasters.length < FEWEST_DAYS) return [];
  return latest.filter((name) => !masters.has(name) && others.every((day) => day.includes(name))).sort();
}

function datasetFindings({ dataset, volume, validity, freshness }: DatasetQuality): QualityFinding[] {
  const findings: QualityFinding[] = [];
  if (volume.read > 0 && volume.accepted === 0 && validity.quarantined > 0) {
    const message = `all ${volume.read} records were quarantined`;
    findings.push({ check: "validity", dataset, level: "error", message });
  }
  if (freshness.level !== "ok") {
    findings.push({ check: "freshness", dataset, level: freshness.level, message: describeAge(freshness) });
  }
  return findings;
}

function historyFinding({
  dataset,
  measure,
  value,
  median,
  score,
  days,
}: DataQuality["history"][number]): QualityFinding {
  const words = { volume: "records were read", quarantined: "% were quarantined", duplicates: "% were duplicates" };
  const usual = `${median} on ${days} days of the same weekday (z ${score ?? "beyond measure"})`;
  return { check: "history", dataset, level: "warn", message: `${value} ${words[measure]}, usually ${usual}` };
}

function agentFindings(
  { backwards, unknown_tasks, silent_masters }: DataQuality["agents"],
  ahead: readonly (readonly [dataset: string, count: number])[],
): QualityFinding[] {
  const finding = (check: QualityFinding["check"], dataset: string, message: string): QualityFinding => {
    return { check, dataset, level: "warn", message };
  };
  return [
    ...(backwards === 0
      ? []
      : [finding("backwards", "tasks", `${backwards} tasks had come to an end and were then in an earlier state`)]),
    ...(unknown_tasks === null || unknown_tasks === 0
      ? []
      : [finding("unknown_task", "tasks", `${unknown_tasks} tasks are named by events and are not among the tasks`)]),
    ...ahead.flatMap(([dataset, count]) =>
      count === 0
        ? []
        : [finding("clock_ahead", dataset, `${count} rows have a time more than five minutes after their ingestion`)],
    ),
    ...silent_masters.map((master) =>
      finding("silent_master", "tasks", `${JSON.stringify(master)} had tasks on every day before and has none`),
    ),
  ];
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
