import { readFile } from "node:fs/promises";
import { EngineError, type QueryRows } from "@medallion/engine";
import { readState } from "@medallion/lake";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { configuredDatasets } from "../config/datasets.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { interruptible } from "../interrupt.ts";
import { counted } from "../terminal.ts";
import { type Format, formatOf, forTarget } from "./output/formats.ts";
import { writeRows } from "./output/write-rows.ts";
import { withViews } from "./query/engine.ts";
import type { LakeView } from "./query/view.ts";
import { lakeViews } from "./query/views.ts";

export interface QueryOptions extends CommonOptions {
  readonly file?: string;
  readonly format?: Format;
  readonly limit?: number;
  readonly timeout?: number;
  readonly rawCells?: true;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

/** `medallion query SQL` */
export async function query(text: string | undefined, options: QueryOptions): Promise<void> {
  const statement = await statementOf(text, options);
  const format = options.json === true ? "json" : (options.format ?? "table");
  const { lake, config } = await openConfiguredLake(options);
  const source = { lake, state: await readState(lake) };
  const views = lakeViews(await configuredDatasets(config));
  await interruptible((interrupt) =>
    withTimeout(interrupt, options.timeout, async (signal) => {
      const attempt = (used: readonly LakeView[]) =>
        withViews(source, used, { ...options, signal }, async (engine) =>
          print(await engine.query(statement), format, options),
        );
      const used = usedViews(views, statement);
      try {
        await attempt(used);
      } catch (error) {
        if (used.length === views.length || !isUnknownTable(error)) throw error;
        // The name is made up by the query, or mistaken: then the message should know what there is.
        await attempt(views);
      }
    }),
  );
}

async function print(rows: QueryRows, format: Format, options: QueryOptions): Promise<void> {
  const target = options.quiet === true ? null : process.stdout;
  if (target === null) return;
  await writeRows(
    rows,
    forTarget(formatOf(format, rows.columns, options.rawCells === true), target),
    target,
    options.limit ?? null,
  );
}

async function statementOf(text: string | undefined, { file }: QueryOptions): Promise<string> {
  if ((text === undefined) === (file === undefined)) {
    throw new CliError(
      "USAGE_INVALID",
      'Expected one query: as an argument ("select …"), as --file FILE, or - for standard input.',
    );
  }
  if (text !== undefined && text !== "-") return text;
  if (file === undefined || file === "-") return readInput();
  return readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(
      "USAGE_INVALID",
      `Expected a file with a query in ${file}, found none that can be read (${cause.code}).`,
      { cause },
    );
  });
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

/** Opening a view reads the ends of its files, so only those are opened whose name the query has. */
function usedViews(views: readonly LakeView[], statement: string): LakeView[] {
  const text = statement.toLowerCase();
  if (/\b(?:show|information_schema|duckdb_[a-z]+|pg_[a-z]+|sqlite_[a-z]+)\b/.test(text)) return [...views];
  return views.filter(({ name }) => text.includes(name));
}

function isUnknownTable(error: unknown): boolean {
  return error instanceof EngineError && error.code === "QUERY_INVALID" && error.message.includes("Table with name");
}

async function withTimeout<T>(
  interrupt: AbortSignal,
  seconds: number | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (seconds === undefined) return work(interrupt);
  const controller = new AbortController();
  const stop = () => controller.abort(interrupt.reason);
  interrupt.addEventListener("abort", stop);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort(new DOMException("The time was up.", "TimeoutError"));
  }, seconds * 1000);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!late || interrupt.aborted) throw error;
    const message = `The query was stopped after ${counted(seconds, "second")}. Give it more with --timeout, or ask for less.`;
    throw new CliError("QUERY_TIMEOUT", message, { cause: error });
  } finally {
    clearTimeout(timer);
    interrupt.removeEventListener("abort", stop);
  }
}
