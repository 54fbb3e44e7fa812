import type { Lake } from "@medallion/lake";
import { dailyPath } from "@medallion/lake/layout";
import { type Day, parseDay } from "@medallion/lake/time";
import type { CommonOptions } from "../common-options.ts";
import { type Config, settingOf } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { configuredRules } from "../json-schemas/configured-rules.ts";
import { isIdle } from "../pipeline/idle.ts";
import type { PipelineResult } from "../pipeline/run.ts";
import { withProgress } from "../progress.ts";
import { streamsOf } from "../streams.ts";
import { printResult } from "../terminal.ts";
import { describeRun, runDocument } from "./run-report.ts";
import { type EngineOptions, sessionOf } from "./session-options.ts";

export interface RunOptions extends CommonOptions, EngineOptions {
  readonly rebuild?: true;
  /** A folder of JSON Schemas. */
  readonly schemas?: string;
}

/** What a run works on. */
export interface PipelineChoice {
  readonly command: string;
  /** The data sets, by name; default: all. */
  readonly only?: readonly string[];
  readonly gold: boolean;
  readonly day: Day | null;
}

/** `medallion run [DATE]` */
export async function run(date: string | undefined, options: RunOptions): Promise<void> {
  const started = performance.now();
  const { lake, config } = await openConfiguredLake(options);
  const day = date === undefined ? null : parseDay(date, { timeZone: lake.timeZone });
  const choice = { command: "medallion run", gold: true, day };
  const result = await runUnlessIdle(lake, config, choice, options);
  const seconds = Math.round(performance.now() - started) / 1000;
  const asked = documentOf(day);
  if (result === null) {
    const text = "Nothing to do: bronze holds nothing new, so 0 records were read.";
    printResult(options, { status: "nothing to do", read: 0, seconds, ...asked.fields }, [text, ...asked.lines]);
    return;
  }
  const document = { ...runDocument(result), seconds };
  printResult(options, { ...document, ...asked.fields }, [...describeRun(result, seconds), ...asked.lines]);
}

/** Runs the pipeline, unless a look at the lake shows that there is nothing to do; then the answer is null. */
export async function runUnlessIdle(
  lake: Lake,
  config: Config,
  choice: PipelineChoice,
  options: RunOptions,
): Promise<PipelineResult | null> {
  const { command, only, gold, day } = choice;
  const isChosen = ({ name }: { readonly name: string }) => only === undefined || only.includes(name);
  const rebuild = options.rebuild === true;
  const folder = options.schemas ?? config.schemas?.folder;
  const checked = folder === undefined ? null : await configuredRules(config, folder);
  const streams = checked?.datasets ?? (await streamsOf(config));
  if (!rebuild && (await isIdle(lake, streams.filter(isChosen), gold, day))) return null;
  const { runPipeline } = await import("../pipeline/run.ts");
  const { datasets: every, schemas } = checked ?? (await configuredRules(config));
  const datasets = every.filter(isChosen);
  const quality = { datasets: every, freshness: (name: string) => settingOf(config.freshness, name) };
  const pipeline = { ...sessionOf(command, config, options), datasets, schemas, rebuild, gold, day, quality };
  return await withProgress(options, (signal, onStep) => runPipeline(lake, { ...pipeline, signal, onStep }));
}

/** Where the document of the day is that was asked for, which a run has made. */
function documentOf(day: Day | null): { fields: object; lines: string[] } {
  if (day === null) return { fields: {}, lines: [] };
  const path = dailyPath(day);
  return { fields: { document: path }, lines: [`The numbers of ${day}: ${path}`] };
}
