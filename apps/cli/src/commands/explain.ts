import { type ExplainableNumber, type Explanation, explainNumber, findNumber } from "@medallion/gold";
import { parseDay } from "@medallion/lake/time";
import { tasks } from "@medallion/schema";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { readDocument } from "../explain/document.ts";
import { replayDay } from "../explain/replay-day.ts";
import { describeExplanation } from "../explain/text.ts";
import { configuredRules } from "../json-schemas/configured-rules.ts";
import { nearest } from "../nearest.ts";
import { withProgress } from "../progress.ts";
import { printResult, table } from "../terminal.ts";
import { sessionOf } from "./session-options.ts";

/** The kinds of documents whose numbers can be explained. */
export type ExplainKind = "daily";

export interface ExplainOptions extends CommonOptions {
  readonly limit: number;
  readonly schemas?: string;
  readonly threads?: number;
  readonly memoryLimit?: string;
}

/** `medallion explain <document> <date> [path]` */
export async function explain(
  _kind: ExplainKind,
  date: string,
  path: string | undefined,
  options: ExplainOptions,
): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const day = parseDay(date, { timeZone: lake.timeZone });
  const { document, numbers, commit } = await readDocument(lake, day);
  if (path === undefined) {
    listNumbers(document, numbers, options);
    return;
  }
  const number = findNumber(numbers, path);
  if (number === null) throw unknownPath(document, path, numbers);
  const rules = await configuredRules(config, options.schemas);
  const dataset = rules.datasets.find(({ name }) => name === tasks.name) ?? tasks;
  const session = sessionOf("medallion explain", config, { ...options, wait: 0 });
  const records = await withProgress(options, (signal, onStep) =>
    replayDay(lake, { ...session, dataset, schemas: rules.schemas, day, upTo: commit, signal, onStep }),
  );
  const explanation: Explanation = explainNumber(document, number, records);
  printResult(options, explanation, describeExplanation(explanation, options.limit));
}

function listNumbers(document: string, numbers: readonly ExplainableNumber[], options: ExplainOptions): void {
  const listed = numbers.map(({ path, value, formula }) => ({ path, value, formula }));
  const rows = listed.map(({ path, value }) => [path, value === null ? "null" : String(value)]);
  printResult(options, { document, numbers: listed }, [
    `The numbers of ${document}:`,
    ...table(["path", "value"], rows),
  ]);
}

function unknownPath(document: string, path: string, numbers: readonly ExplainableNumber[]): CliError {
  const near = nearest(
    path,
    numbers.map((number) => number.path),
  );
  return new CliError(
    "USAGE_INVALID",
    `Expected the path of a number of ${document}, found "${path}". The nearest is ${near}; without a path, the command lists all.`,
  );
}
