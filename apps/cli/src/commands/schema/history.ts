import { describeDrift } from "@medallion/schema/evolution";
import { profileHistory } from "@medallion/silver";
import type { CommonOptions } from "../../common-options.ts";
import { configuredDatasets } from "../../config/datasets.ts";
import { openConfiguredLake } from "../../config/open-lake.ts";
import { findStream } from "../../streams.ts";
import { printResult, table } from "../../terminal.ts";

/** `medallion schema history DATASET` */
export async function schemaHistory(name: string, options: CommonOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const dataset = findStream(await configuredDatasets(config), name);
  const days = await profileHistory(lake, dataset);
  const document = {
    dataset: dataset.name,
    days: days.map(({ profile: { date, records, fields, more_fields }, drift }) => ({
      date,
      records,
      fields,
      more_fields,
      drift,
    })),
  };
  if (days.length === 0) {
    printResult(options, document, [`No records of ${dataset.name} have been read. Next: medallion run`]);
    return;
  }
  const rows = days.map(({ profile, drift }) => [
    profile.date,
    profile.records,
    profile.fields.length,
    drift.length === 0 ? "-" : `${drift.length} changed`,
  ]);
  const findings = days.flatMap(({ profile, drift }) => drift.map((item) => `${profile.date}: ${describeDrift(item)}`));
  printResult(options, document, [
    ...table(["day", "records", "fields", "drift"], rows),
    "",
    ...(findings.length === 0 ? ["No drift: every day is like the seven before it."] : findings),
  ]);
}
