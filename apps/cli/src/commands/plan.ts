import { readState } from "@medallion/lake";
import type { CommonOptions } from "../common-options.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { type DatasetPlan, planRun, type RunPlan } from "../plan/plan-run.ts";
import { counted, printResult, table } from "../terminal.ts";

const SHOWN = 30;

/** `medallion plan` */
export async function plan(options: CommonOptions & { readonly rebuild?: true }): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const state = await readState(lake);
  const found = await planRun(lake, state, await configuredDatasets(config), options.rebuild === true);
  printResult(options, found, describe(found));
}

function describe({ datasets, gold }: RunPlan): string[] {
  const busy = datasets.filter((dataset) => dataset.reason !== "nothing new");
  if (busy.length === 0 && gold.length === 0) return ["A run would do nothing: bronze holds nothing new."];
  const documents = gold.map(({ path, reason }) => `  ${path} (${reason})`);
  return [
    ...busy.flatMap(describeDataset),
    ...(gold.length === 0 ? [] : [`Gold: would make ${counted(gold.length, "document")}.`, ...shortened(documents)]),
    "Nothing was changed. Next: medallion run",
  ];
}

function describeDataset({ dataset, reason, files, partitions }: DatasetPlan): string[] {
  const bytes = files.reduce((sum, file) => sum + file.size - file.from, 0);
  const rows = partitions.map(({ day, reasons, records }) => [day, records, reasons.join(", ")]);
  const head = `${dataset}: would read ${counted(bytes, "byte")} of ${counted(files.length, "bronze file")} (${reason}).`;
  return rows.length === 0
    ? [head]
    : [head, ...shortened(table(["day", "new records", "why"], rows).map((line) => `  ${line}`))];
}

function shortened(lines: readonly string[]): string[] {
  if (lines.length <= SHOWN) return [...lines];
  return [...lines.slice(0, SHOWN), `  (${counted(lines.length - SHOWN, "more line")}; --json has all)`];
}
