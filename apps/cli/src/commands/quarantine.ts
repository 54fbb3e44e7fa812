import { hasChangedRules, type Lake, quarantineDays, readState } from "@medallion/lake";
import { quarantinePath } from "@medallion/lake/layout";
import { type Day, parseDay } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import type { CommonOptions } from "../common-options.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { hintFor } from "../quarantine/hint.ts";
import { readQuarantine, type SetAside } from "../quarantine/read.ts";
import { findStream } from "../streams.ts";
import { counted, printResult, table } from "../terminal.ts";
import { unlessOvertaken } from "./query/overtaken.ts";
import { type RunOptions, runUnlessIdle } from "./run.ts";
import { describeRun, runDocument } from "./run-report.ts";

export interface QuarantineOptions extends CommonOptions {
  readonly day?: string;
  readonly rule?: string;
  readonly limit: number;
}

const LONGEST_RAW_SHOWN = 200;

/** `medallion quarantine list [data set]`: counts by data set, day and rule. */
export async function listQuarantine(name: string | undefined, options: QuarantineOptions): Promise<void> {
  const { lake, datasets, day } = await openQuarantine(name, options);
  const groups = new Map<string, { dataset: string; day: Day; rule: string; records: number; replayed: number }>();
  await eachSetAside(lake, datasets, day, (record, { name: dataset }) => {
    if (options.rule !== undefined && record.rule !== options.rule) return;
    const key = JSON.stringify([dataset, record.day, record.rule]);
    const group = groups.get(key) ?? { dataset, day: record.day, rule: record.rule, records: 0, replayed: 0 };
    if (record.replayedAt === null) group.records += 1;
    else group.replayed += 1;
    groups.set(key, group);
  });
  const found = [...groups.values()];
  const total = found.reduce((sum, group) => sum + group.records, 0);
  const rows = found.map((group) => [group.dataset, group.day, group.rule, group.records, group.replayed]);
  printResult(options, { records: total, groups: found }, [
    total === 0 ? "No record is set aside." : `${counted(total, "record")} set aside, by the day of ingestion.`,
    ...(rows.length === 0 ? [] : table(["data set", "day", "rule", "records", "replayed"], rows)),
    ...(total === 0 ? [] : ["Next: medallion quarantine show <data set> [--rule <rule>]"]),
  ]);
}

/** `medallion quarantine show <data set>`: records with their reasons, their text and what could be done. */
export async function showQuarantine(name: string, options: QuarantineOptions): Promise<void> {
  const { lake, datasets, day } = await openQuarantine(name, options);
  const records: (SetAside & { hint: string | null })[] = [];
  let total = 0;
  await eachSetAside(lake, datasets, day, (record, dataset) => {
    if (record.replayedAt !== null || (options.rule !== undefined && record.rule !== options.rule)) return;
    total += 1;
    if (records.length < options.limit) records.push({ ...record, hint: hintFor(dataset, record) });
  });
  const document = records.map(({ ingestedAt, sourceFile, isBase64, replayedAt: _, raw, ...rest }) => ({
    ...rest,
    ingested_at: ingestedAt,
    source_file: sourceFile,
    [isBase64 ? "raw_base64" : "raw"]: raw,
  }));
  printResult(options, { dataset: name, records: total, shown: document }, [
    `${counted(total, "record")} of ${name} set aside${total > records.length ? `; the first ${records.length}` : ""}.`,
    ...records.flatMap(describeRecord),
  ]);
}

function describeRecord({ rule, reason, file, sourceFile, raw, isBase64, hint }: SetAside & { hint: string | null }) {
  const shown = raw.length > LONGEST_RAW_SHOWN ? `${raw.slice(0, LONGEST_RAW_SHOWN)}…` : raw;
  return [
    "",
    `${rule}: ${reason}`,
    `  in ${file}${sourceFile === null ? "" : `, from ${sourceFile}`}`,
    `  ${isBase64 ? "base64: " : ""}${shown}`,
    ...(hint === null ? [] : [`  Hint: ${hint}.`]),
  ];
}

/** `medallion quarantine replay [data set]`: promotes what now passes, after the rules have changed. */
export async function replayQuarantine(name: string | undefined, options: RunOptions): Promise<void> {
  const started = performance.now();
  const { lake, config } = await openConfiguredLake(options);
  const datasets = (await configuredDatasets(config)).filter((dataset) => name === undefined || dataset.name === name);
  if (name !== undefined) findStream(datasets, name);
  const before = await countSetAside(lake, datasets);
  const changed = await changedDatasets(lake, datasets);
  if (changed.length === 0) {
    const text = `Nothing to do: the rules have not changed since ${counted(before, "record")} ${before === 1 ? "was" : "were"} set aside, so that none would pass now.`;
    printResult(options, { status: "nothing to do", replayed: 0, still_set_aside: before }, [text]);
    return;
  }
  const choice = { command: "medallion quarantine replay", only: changed, gold: true, day: null };
  const result = await runUnlessIdle(lake, config, choice, options);
  const after = await countSetAside(lake, datasets);
  const seconds = Math.round(performance.now() - started) / 1000;
  const done = result === null ? { status: "nothing to do" } : { ...runDocument(result), seconds };
  printResult(options, { ...done, replayed: before - after, still_set_aside: after }, [
    ...(result === null ? [] : describeRun(result, seconds)),
    `${counted(Math.max(0, before - after), "record")} replayed; ${counted(after, "record")} still set aside.`,
  ]);
}

async function changedDatasets(lake: Lake, datasets: readonly Dataset[]): Promise<string[]> {
  const state = await readState(lake);
  const isChanged = ({ name, rulesHash }: Dataset) => hasChangedRules(state, name, rulesHash);
  return datasets.filter(isChanged).map(({ name }) => name);
}

async function countSetAside(lake: Lake, datasets: readonly Dataset[]): Promise<number> {
  let count = 0;
  await eachSetAside(lake, datasets, null, ({ replayedAt }) => {
    if (replayedAt === null) count += 1;
  });
  return count;
}

/**
 * Takes one record after the other that was set aside, of all days or of one.
 * @throws CliError QUERY_OVERTAKEN when a run has replaced parts of a day meanwhile, DOCUMENT_DAMAGED
 */
async function eachSetAside(
  lake: Lake,
  datasets: readonly Dataset[],
  day: Day | null,
  take: (record: SetAside, dataset: Dataset) => void,
): Promise<void> {
  const source = { lake, state: await readState(lake) };
  const daysOf = ({ name }: Dataset) => quarantineDays(source.state, name).map((each) => quarantinePath(name, each));
  const read = async () => {
    for (const dataset of datasets) {
      for await (const record of readQuarantine(source, dataset.name, day)) take(record, dataset);
    }
  };
  await unlessOvertaken(source, [{ partitions: new Set(datasets.flatMap(daysOf)) }], read);
}

async function openQuarantine(name: string | undefined, options: QuarantineOptions) {
  const { lake, config } = await openConfiguredLake(options);
  const all = await configuredDatasets(config);
  const datasets = name === undefined ? all : [findStream(all, name)];
  const day = options.day === undefined ? null : parseDay(options.day, { timeZone: lake.timeZone });
  return { lake, datasets, day };
}
