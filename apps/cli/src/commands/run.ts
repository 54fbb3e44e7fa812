import type { Lake } from "@medallion/lake";
import { dailyPath } from "@medallion/lake/layout";
import { type Day, parseDay } from "@medallion/lake/time";
import type { CommonOptions } from "../common-options.ts";
import { type Config, settingOf } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { interruptible } from "../interrupt.ts";
import { isIdle } from "../pipeline/idle.ts";
import type { PipelineResult } from "../pipeline/run.ts";
import { streamsOf } from "../streams.ts";
import { Progress, printResult } from "../terminal.ts";
import { cliVersion } from "../version.ts";
import { describeRun, runDocument } from "./run-report.ts";

/** Options of commands that start an engine. */
export interface EngineOptions {
  readonly wait: number;
  readonly engine?: string;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

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
    const text = "Nothing to do: read 0 records, for bronze holds nothing new.";
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
  const checked = await withSchemas(config, options.schemas);
  const streams = checked?.datasets ?? (await streamsOf(config));
  if (!rebuild && (await isIdle(lake, streams.filter(isChosen), gold, day))) return null;
  const { runPipeline } = await import("../pipeline/run.ts");
  const { configuredDatasets } = await import("../config/datasets.ts");
  const every = checked?.datasets ?? (await configuredDatasets(config));
  const datasets = every.filter(isChosen);
  const schemas = checked?.schemas ?? [];
  const quality = { datasets: every, freshness: (name: string) => settingOf(config.freshness, name) };
  const pipeline = { ...sessionOf(command, config, options), datasets, schemas, rebuild, gold, day, quality };
  return await withProgress(options, (signal, onStep) => runPipeline(lake, { ...pipeline, signal, onStep }));
}

/** The data sets with the JSON Schemas of a folder among their rules; null where no folder is given. */
export async function withSchemas(config: Config, folder: string | undefined) {
  const chosen = folder ?? config.schemas?.folder;
  if (chosen === undefined) return null;
  const { configuredDatasets } = await import("../config/datasets.ts");
  const { withJsonSchemas } = await import("../json-schemas/apply.ts");
  return await withJsonSchemas(await configuredDatasets(config), chosen, config.schemas?.severity ?? "warn");
}

/** What the command line and the configuration say of a session. */
export function sessionOf(command: string, config: Config, options: EngineOptions) {
  const engineUrl = options.engine ?? config.engine.url;
  const threads = options.threads ?? config.engine.threads;
  const memoryLimit = options.memoryLimit ?? config.engine.memoryLimit;
  return {
    command,
    version: cliVersion(),
    waitMs: options.wait * 1000,
    engineUrl,
    ...(threads === null ? {} : { threads }),
    ...(memoryLimit === null ? {} : { memoryLimit }),
  };
}

/** Runs work that can be interrupted and shows how far it is. */
export async function withProgress<T>(
  options: CommonOptions,
  work: (signal: AbortSignal, onStep: (fraction: number, text: string) => void) => Promise<T>,
): Promise<T> {
  const progress = new Progress(options);
  try {
    return await interruptible((signal) => work(signal, (fraction, text) => progress.show(fraction, () => text)));
  } finally {
    progress.end();
  }
}

/** Where the document of the day is that was asked for, which a run has made. */
function documentOf(day: Day | null): { fields: object; lines: string[] } {
  if (day === null) return { fields: {}, lines: [] };
  const path = dailyPath(day);
  return { fields: { document: path }, lines: [`The numbers of ${day}: ${path}`] };
}
