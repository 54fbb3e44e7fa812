import { type Lake, type LakeState, partitionFiles, readState } from "@medallion/lake";
import { aggregatePath, type LakePath, nameFile } from "@medallion/lake/layout";
import { type Day, parseDay } from "@medallion/lake/time";
import type { DatasetStream } from "@medallion/schema";
import { CliError } from "../cli-error.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { findStream, streamsOf } from "../streams.ts";
import { counted, printResult } from "../terminal.ts";
import { type RunOptions, runUnlessIdle } from "./run.ts";
import { describeRun, runDocument } from "./run-report.ts";

export interface PromoteOptions extends RunOptions {
  readonly master?: string;
}

/** `medallion promote <data set> [DATE]`: everything up to silver; gold is made by the next run. */
export async function promoteDataset(name: string, date: string | undefined, options: PromoteOptions): Promise<void> {
  const started = performance.now();
  const { lake, config } = await openConfiguredLake(options);
  const stream = findStream(await streamsOf(config), name);
  if (options.master !== undefined && stream.name !== "metrics") {
    throw new CliError("USAGE_INVALID", `Expected no --master for ${name}: only metrics are aggregated by master.`);
  }
  const day = date === undefined ? null : parseDay(date, { timeZone: lake.timeZone });
  const choice = { command: `medallion promote ${name}`, only: [name], gold: false, day: null };
  const result = await runUnlessIdle(lake, config, choice, options);
  const seconds = Math.round(performance.now() - started) / 1000;
  const asked = await silverOf(lake, stream, day, options.master);
  const document =
    result === null ? { status: "nothing to do", read: 0, seconds } : { ...runDocument(result), seconds };
  const lines =
    result === null
      ? ["Nothing to do: bronze holds nothing new, so 0 records were read."]
      : [...describeRun(result, seconds), "Next: medallion run"];
  printResult(options, { ...document, ...asked.fields }, [...lines, ...asked.lines]);
}

/** Where the silver is that was asked for. */
async function silverOf(
  lake: Lake,
  stream: DatasetStream,
  day: Day | null,
  master: string | undefined,
): Promise<{ fields: object; lines: string[] }> {
  if (day === null) return { fields: {}, lines: [] };
  const state = await readState(lake);
  const partition = state.partitions.get(`${stream.name}/${day}`);
  const rows = partition?.retired === true ? 0 : (partition?.rows ?? 0);
  const files = rows === 0 ? [] : await filesOf(lake, state, stream, day, master);
  const [file = null, ...others] = files;
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "further part")}`;
  const text =
    file === null
      ? `There is no silver of ${stream.name} on ${day}: no record of that day was accepted.`
      : `Silver of ${stream.name} on ${day}: ${file}${more}`;
  return { fields: { file, ...(others.length === 0 ? {} : { files }), rows }, lines: [text] };
}

async function filesOf(
  lake: Lake,
  state: LakeState,
  stream: DatasetStream,
  day: Day,
  master: string | undefined,
): Promise<LakePath[]> {
  if (master === undefined) return partitionFiles(state, stream.folders.silver, day, "jsonl");
  return [aggregatePath("aggregated-metrics", day, await nameFile(lake, master))];
}
