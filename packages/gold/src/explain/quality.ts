import type { DailyAnalytics } from "@medallion/schema";
import { countOf } from "./evidence.ts";
import type { ExplainableNumber } from "./number.ts";
import type { ExplainableTask } from "./tasks.ts";

type Quality = DailyAnalytics["quality"];
type Test = (record: ExplainableTask) => boolean;

const isRow: Test = ({ outcome }) => outcome === "row";

const COUNTS = {
  read: ["records read that belong to the day, or were ingested on it where their time is not valid", () => true],
  accepted: [
    "records accepted, those included that a later run replaced",
    ({ outcome }) => outcome === "row" || outcome === "superseded",
  ],
  duplicates: [
    "records left out, as one with the same task_id and instant was ingested later",
    ({ outcome }) => outcome === "duplicate",
  ],
  quarantined: ["records set aside for a broken rule", ({ outcome }) => outcome === "quarantined"],
  superseded: [
    "rows of silver that a later run replaced, as a record with the same task_id and instant was ingested later",
    ({ outcome }) => outcome === "superseded",
  ],
  rows: ["rows of silver: accepted - superseded", isRow],
} as const satisfies Record<string, readonly [string, Test]>;

/** The numbers of `quality`. */
export function qualityNumbers(quality: Quality): ExplainableNumber[] {
  const counts = Object.entries(COUNTS).map(([name, [formula, test]]) => {
    const value: number = quality[name as keyof typeof COUNTS];
    return number(`quality.${name}`, value, formula, test);
  });
  const rejects = Object.entries(quality.rejects).map(([rule, value]) =>
    number(
      `quality.rejects.${rule}`,
      value,
      `records set aside for the rule ${rule} first`,
      (record) => record.rule === rule,
    ),
  );
  const warnings = Object.entries(quality.warnings).map(([rule, value]) =>
    number(`quality.warnings.${rule}`, value, `records that were not set aside and break the rule ${rule}`, (record) =>
      record.warnings.includes(rule),
    ),
  );
  return [...counts, ...rejects, ...warnings];
}

/** The rows of the silver files that a document is made of. */
export function inputNumbers(inputs: DailyAnalytics["inputs"]): ExplainableNumber[] {
  return inputs.map(({ file, rows }) => number(`inputs[${file}].rows`, rows, "rows of the file of silver", isRow));
}

function number(path: string, value: number, formula: string, test: Test): ExplainableNumber {
  const aliases = path.startsWith("inputs[") ? [path.replace("[", "[file=")] : [];
  return { path, aliases, value, formula, evidence: ({ all }) => countOf(all.filter(test)) };
}
