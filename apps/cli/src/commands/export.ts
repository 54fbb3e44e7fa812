import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Writable } from "node:stream";
import { identifier, openDuckDb, sql } from "@medallion/engine";
import { readState } from "@medallion/lake";
import { parseDay } from "@medallion/lake/time";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { interruptible } from "../interrupt.ts";
import { nearest } from "../nearest.ts";
import { counted, printResult } from "../terminal.ts";
import { replacing } from "./export/replacing.ts";
import { formatOf, forTarget } from "./output/formats.ts";
import { writeRows } from "./output/write-rows.ts";
import { withViews } from "./query/engine.ts";
import { unlessOvertaken } from "./query/overtaken.ts";
import type { LakeView, ViewSource } from "./query/view.ts";
import { lakeViews } from "./query/views.ts";

export interface ExportOptions extends CommonOptions {
  readonly format: "csv" | "jsonl" | "parquet";
  readonly start?: string;
  readonly end?: string;
  readonly output?: string;
  readonly rawCells?: true;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

const [FIRST_DAY, LAST_DAY] = ["00010101", "99991231"];

/** `medallion export TABLE` */
export async function exportTable(name: string, options: ExportOptions): Promise<void> {
  const { format, output } = options;
  if (format === "parquet" && output === undefined) {
    throw new CliError("USAGE_INVALID", "Expected a file for Parquet, which is not text: name it with -o FILE.");
  }
  const { lake, config } = await openConfiguredLake(options);
  const view = findView(lakeViews(await configuredDatasets(config)), name);
  const start = options.start === undefined ? FIRST_DAY : parseDay(options.start, lake);
  const end = options.end === undefined ? LAST_DAY : parseDay(options.end, lake);
  if (start > end) throw new CliError("USAGE_INVALID", `The range of days ends (${end}) before it starts (${start}).`);
  const source = { lake, state: await readState(lake), range: { start, end } };
  await interruptible(async (signal) => {
    if (output === undefined) {
      await exportText(source, view, process.stdout, options, signal);
      return;
    }
    const rows =
      format === "parquet"
        ? await replacing(output, (file) => exportParquet(source, view, file.path, options, signal))
        : await replacing(output, (file) =>
            file.writing((target) => exportText(source, view, target, options, signal)),
          );
    const text = `Wrote ${counted(rows, "row")} of ${view.name} to ${output}.`;
    printResult(options, { table: view.name, format, file: resolve(output), rows }, [text]);
  });
}

function findView(views: readonly LakeView[], name: string): LakeView {
  const exported = views.filter(({ layer }) => layer !== "bronze");
  const view = exported.find((candidate) => candidate.name === name || candidate.name === `silver_${name}`);
  if (view !== undefined) return view;
  const names = exported.map((candidate) => candidate.name.replace(/^silver_(?!quarantine_)/, ""));
  throw new CliError(
    "USAGE_INVALID",
    `Expected a data set or a table of gold, found ${JSON.stringify(name)}. The nearest is ${nearest(name, names)}; \`medallion query "show tables"\` lists all.`,
  );
}

function exportText(
  source: ViewSource,
  view: LakeView,
  target: Writable,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<number> {
  return withViews(source, [view], { ...options, signal }, async (engine) => {
    const rows = await engine.stream(sql`SELECT * FROM ${identifier(view.name)}`);
    const name = options.format === "jsonl" ? "jsonl" : "csv";
    const format = forTarget(formatOf(name, rows.columns, options.rawCells === true), target);
    return writeRows(rows, format, target, null);
  });
}

async function exportParquet(
  source: ViewSource,
  view: LakeView,
  path: string,
  { threads, memoryLimit }: ExportOptions,
  signal: AbortSignal,
): Promise<number> {
  const opened = await view.open(source);
  const temporary = await mkdtemp(join(tmpdir(), "medallion-export-"));
  try {
    const engine = await openDuckDb({
      timeZone: source.lake.timeZone,
      folders: [source.lake.root, dirname(path), temporary],
      temporaryFolder: temporary,
      keepsOrder: true,
      ...(threads === undefined ? {} : { threads }),
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
    });
    const stop = () => engine.interrupt();
    signal.addEventListener("abort", stop);
    try {
      const { dialect } = engine;
      const query = await opened.query({
        dialect,
        lines: (sources, maxLineBytes) => engine.lines(sources, { json: false, maxLineBytes }),
      });
      signal.throwIfAborted();
      const copy = sql`COPY (${query}) TO ${path} (FORMAT parquet, COMPRESSION zstd)`;
      const [result] = await unlessOvertaken(source, [opened], () => engine.rows(copy));
      return Number(result?.Count ?? 0);
    } finally {
      signal.removeEventListener("abort", stop);
      await engine.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
