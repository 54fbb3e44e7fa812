import { type Engine, identifier, type Row, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import type { MasterReport, ReportFailure, ReportTask } from "@medallion/schema/gold";
import { ContributionSum } from "../numbers/contribution.ts";
import { contributionsOf } from "../numbers/contribution-rows.ts";
import { type Tally, tallyColumns, tallyOf } from "../numbers/tally.ts";
import { LATEST_TABLES, latestStates } from "../range/latest.ts";
import type { DayPartition } from "../range/partitions.ts";
import { exactPercentiles, type Percentiles, sketchedPercentiles } from "../range/percentiles.ts";
import { sourcesOf } from "../range/sources.ts";

const TASKS = "medallion_report_tasks";
const SLOWEST = 10;
/** Tasks that are in memory at once. */
const PAGE = 10_000;

/** A master's tasks of a day, kept in the engine while its report is made. */
export interface ReportRows {
  readonly sum: ContributionSum;
  readonly percentiles: Percentiles;
  readonly slowest: MasterReport["slowest"];
  /** Of every day that was given, the master's tasks each in its latest state of that day. */
  readonly daily: ReadonlyMap<Day, Tally>;
  /** The tasks by id, a page at a time. */
  tasks(): AsyncGenerator<ReportTask[]>;
  /** The failed tasks by id, a page at a time. */
  failures(): AsyncGenerator<ReportFailure[]>;
}

/**
 * Reads a master's tasks of a day, and what they were on other days.
 * @param partitions days whose silver is there
 */
export async function reportRows(
  engine: Engine,
  master: string,
  day: Day,
  partitions: readonly DayPartition[],
): Promise<ReportRows> {
  if (partitions.length === 0) return noRows();
  const sources = sourcesOf(partitions);
  const states = await latestStates(engine, sources, { columns: ["created_at", "completed_at", "error"] });
  const [dayColumn, masterColumn] = [identifier("day"), identifier("master")];
  const byDay = await engine.rows(
    sql`SELECT ${dayColumn}, ${tallyColumns(engine)} FROM ${states.ofDay} AS r WHERE ${masterColumn} = ${master} GROUP BY ${dayColumn}`,
  );
  const { dialect } = engine;
  await engine.materialize(
    TASKS,
    sql`SELECT task_id, ${identifier("status")}, ${masterColumn}, is_success, is_failure, is_cancelled, micros,
        ${dialect.instantText(identifier("created_at"))} AS created, ${dialect.instantText(identifier("completed_at"))} AS completed_text,
        CASE WHEN is_failure THEN ${identifier("error")} END AS error_text
      FROM ${states.ofDay} AS r WHERE ${dayColumn} = ${day} AND ${masterColumn} = ${master}`,
  );
  const table = engine.table(TASKS);
  const sum = (await contributionsOf(engine, table, [], [])).get("") ?? new ContributionSum();
  const slowest = await engine.rows(
    sql`SELECT task_id, ${identifier("status")}, micros FROM ${table} AS t WHERE micros IS NOT NULL
      ORDER BY micros DESC, task_id LIMIT ${SLOWEST}`,
  );
  return {
    sum,
    percentiles: await exactPercentiles(engine, table, sum.sketch),
    slowest: slowest.map((row) => ({ ...taskName(row), duration_seconds: secondsOf(row) ?? 0 })),
    daily: new Map(byDay.map((row) => [String(row.day), tallyOf(row)])),
    async *tasks() {
      for await (const rows of pages(engine, false)) yield rows.map(taskOf);
    },
    async *failures() {
      for await (const rows of pages(engine, true)) yield rows.map(failureOf);
    },
  };
}

/** Forgets what `reportRows` kept. */
export async function forgetReportRows(engine: Engine): Promise<void> {
  for (const table of [...LATEST_TABLES, TASKS]) await engine.forget(table);
}

async function* pages(engine: Engine, failed: boolean): AsyncGenerator<Row[]> {
  const only = failed ? sql` AND is_failure` : sql``;
  let last = "";
  for (;;) {
    const rows = await engine.rows(
      sql`SELECT task_id, ${identifier("status")}, micros, created, completed_text, error_text
        FROM ${engine.table(TASKS)} AS t WHERE task_id > ${last}${only} ORDER BY task_id LIMIT ${PAGE}`,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    last = String(rows.at(-1)?.task_id);
  }
}

function taskOf(row: Row): ReportTask {
  const times = { created_at: textOf(row, "created"), completed_at: textOf(row, "completed_text") };
  return { ...taskName(row), duration_seconds: secondsOf(row), ...times };
}

function failureOf(row: Row): ReportFailure {
  const json = textOf(row, "error_text");
  return { task_id: String(row.task_id), error: json === null ? null : textOfJson(json) };
}

function taskName(row: Row) {
  return { task_id: String(row.task_id), status: String(row.status) };
}

function secondsOf(row: Row): number | null {
  return row.micros === null ? null : Number(row.micros) / 1e6;
}

function textOf(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || value === undefined ? null : String(value);
}

function textOfJson(json: string): string {
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : json;
}

function noRows(): ReportRows {
  return {
    sum: new ContributionSum(),
    percentiles: sketchedPercentiles(new Map()),
    slowest: [],
    daily: new Map(),
    async *tasks() {},
    async *failures() {},
  };
}
