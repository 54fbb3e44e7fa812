import type { DailyAnalytics } from "@medallion/schema/gold";
import { countOf } from "./evidence.ts";
import type { ExplainableNumber } from "./number.ts";
import type { ExplainableTask } from "./tasks.ts";

type Quality = DailyAnalytics["quality"];
type Test = (record: ExplainableTask) => boolean;

const isRow: Test = ({ outcome }) => outcome === "row";

const COUNTS = [
  {
    name: "read",
    formula: "records read that belong to the day, or were ingested on it where their time is not valid",
    test: () => true,
  },
  {
    name: "accepted",
    formula: "records accepted, those included that a later run replaced",
    test: ({ outcome }) => outcome === "row" || outcome === "superseded",
  },
  {
    name: "duplicates",
    formula: "records left out, as one with the same task_id and instant was ingested later",
    test: ({ outcome }) => outcome === "duplicate",
  },
  {
    name: "quarantined",
    formula: "records set aside for a broken rule",
    test: ({ outcome }) => outcome === "quarantined",
  },
  {
    name: "superseded",
    formula: "rows of silver that a later run replaced by a record with the same task_id and instant, ingested later",
    test: ({ outcome }) => outcome === "superseded",
  },
  { name: "rows", formula: "rows of silver: accepted - superseded", test: isRow },
] as const satisfies readonly { name: string; formula: string; test: Test }[];

/** The numbers of `quality`. */
export function qualityNumbers(quality: Quality): ExplainableNumber[] {
  const counts = COUNTS.map(({ name, formula, test }) => number(`quality.${name}`, quality[name], formula, test));
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
