import { readFile } from "node:fs/promises";
import { type Lake, type LakeState, pendingBronze } from "@medallion/lake";
import { type Day, parseDay, parseDayRange } from "@medallion/lake/time";
import type { CommonOptions } from "../common-options.ts";
import type { Config } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import type { DocumentRequest } from "../pipeline/documents.ts";
import { withProgress } from "../progress.ts";
import { findStream, streamsOf } from "../streams.ts";
import { grouped, printResult } from "../terminal.ts";
import { describeDaily, describeKpis, describeReport, describeWeekly } from "./documents-text.ts";
import { describeChanges } from "./run-report.ts";
import { type EngineOptions, sessionOf } from "./session-options.ts";

export interface DocumentOptions extends CommonOptions, EngineOptions {}

/** `medallion analytics daily DATE` and `weekly DATE` */
export async function makeAnalytics(kind: "daily" | "weekly", date: string, options: DocumentOptions): Promise<void> {
  await makeAndPrint(options, (lake) => ({ kind, day: dayOf(lake, date) }));
}

/** `medallion kpis START END` */
export async function makeKpis(start: string, end: string, options: DocumentOptions): Promise<void> {
  await makeAndPrint(options, (lake) => ({ kind: "kpis", ...parseDayRange(start, end, { timeZone: lake.timeZone }) }));
}

/** `medallion report MASTER DATE` */
export async function makeReport(master: string, date: string, options: DocumentOptions): Promise<void> {
  await makeAndPrint(options, (lake) => ({ kind: "report", master, day: dayOf(lake, date) }));
}

function dayOf(lake: Lake, date: string): Day {
  return parseDay(date, { timeZone: lake.timeZone });
}

async function makeAndPrint(options: DocumentOptions, requestIn: (lake: Lake) => DocumentRequest): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const request = requestIn(lake);
  const { makeDocument } = await import("../pipeline/documents.ts");
  const { configuredDatasets } = await import("../config/datasets.ts");
  const dataset = findStream(await configuredDatasets(config), "tasks");
  const session = sessionOf(`medallion ${request.kind}`, config, options);
  const made = await withProgress(options, (signal, onStep) =>
    makeDocument(lake, dataset, request, { ...session, signal, onStep }),
  );
  const pending = await pendingTasks(lake, made.state, config);
  const text = await readFile(made.file, "utf8");
  const note =
    pending === 0 ? [] : [`Bronze holds ${grouped(pending)} bytes that are not in these numbers. Next: medallion run`];
  if (options.json === true) {
    process.stdout.write(text);
    return;
  }
  const lines = await describe(request, text);
  printResult(options, {}, [...lines, "", ...describeChanges(made.changes), `Wrote ${made.path}.`, ...note]);
}

async function describe(request: DocumentRequest, text: string): Promise<string[]> {
  const { dailyAnalytics, kpis, masterReport, weeklyAnalytics } = await import("@medallion/schema/gold");
  const value: unknown = JSON.parse(text);
  switch (request.kind) {
    case "daily":
      return describeDaily(dailyAnalytics.parse(value));
    case "weekly":
      return describeWeekly(weeklyAnalytics.parse(value));
    case "kpis":
      return describeKpis(kpis.parse(value));
    case "report":
      return describeReport(masterReport.parse(value));
    default:
      return request satisfies never;
  }
}

/** Bytes of tasks in bronze that no run has read by a state. */
async function pendingTasks(lake: Lake, state: LakeState, config: Config): Promise<number> {
  const { name, folders } = findStream(await streamsOf(config), "tasks");
  const pending = await pendingBronze(lake, state, name, folders.bronze);
  return pending.reduce((sum, file) => sum + file.size - file.from, 0);
}
