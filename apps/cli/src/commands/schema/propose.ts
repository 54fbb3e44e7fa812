import { addProfiles, NO_PROFILE, proposeRecord } from "@medallion/schema/evolution";
import { knownNames, profileHistory } from "@medallion/silver";
import type { CommonOptions } from "../../common-options.ts";
import { configuredDatasets } from "../../config/datasets.ts";
import { openConfiguredLake } from "../../config/open-lake.ts";
import { findStream } from "../../streams.ts";
import { counted, printResult } from "../../terminal.ts";
import { unifiedDiff } from "./unified-diff.ts";

export interface ProposeOptions extends CommonOptions {
  readonly diff?: true;
  readonly days: number;
}

/** `medallion schema propose DATASET` */
export async function proposeSchema(name: string, options: ProposeOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const dataset = findStream(await configuredDatasets(config), name);
  const days = (await profileHistory(lake, dataset)).slice(-options.days).map(({ profile }) => profile);
  const known = knownNames(dataset);
  const profile = days.reduce((sum, day) => addProfiles(sum, day, known), NO_PROFILE);
  const { reasons, before, after } = proposeRecord(dataset, profile);
  const range = { start: days[0]?.date ?? null, end: days.at(-1)?.date ?? null };
  const patch = unifiedDiff(before, after, `${dataset.name}.ts`);
  const document = { dataset: dataset.name, ...range, records: profile.records, reasons, source: after, patch };
  if (reasons.length === 0) {
    const seen = `${counted(profile.records, "record")} of ${counted(days.length, "day")}`;
    printResult(options, document, [
      `Nothing to propose: the contract of ${dataset.name} knows all fields of ${seen}.`,
    ]);
    return;
  }
  const comment = `// ${dataset.name}, from ${counted(profile.records, "record")} of ${range.start} to ${range.end}:`;
  const text = options.diff === true ? patch : `${comment}\n${reasons.map((line) => `// ${line}\n`).join("")}${after}`;
  printResult(options, document, text.trimEnd().split("\n"));
}
