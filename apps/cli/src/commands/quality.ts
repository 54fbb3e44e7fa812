import { readFile } from "node:fs/promises";
import { type Lake, readState } from "@medallion/lake";
import { qualityPath, resolveInLake } from "@medallion/lake/layout";
import { type Day, nowMicros, parseDay } from "@medallion/lake/time";
import { type DataQuality, dataQuality, type QualityFinding } from "@medallion/schema/gold";
import { describeAge, freshnessOf } from "@medallion/silver";
import { CliError } from "../cli-error.ts";
import type { CommonOptions } from "../common-options.ts";
import { type Config, settingOf } from "../config/config.ts";
import { openConfiguredLake } from "../config/open-lake.ts";
import { printResult, table } from "../terminal.ts";

export interface QualityOptions extends CommonOptions {
  /** The level from which on the command fails. */
  readonly failOn?: "warn" | "error";
}

const MILLION = 1_000_000n;

/** `medallion quality [DATE]` */
export async function quality(date: string | undefined, options: QualityOptions): Promise<void> {
  const { lake, config } = await openConfiguredLake(options);
  const days = await documentedDays(lake);
  const day = date === undefined ? (days.at(-1) ?? null) : parseDay(date, lake);
  if (day === null || !days.includes(day)) throw nothingKnown(day, days);
  const document = await readQuality(lake, day);
  const shown = date === undefined ? asOfNow(document, config) : document;
  printResult(options, shown, describe(shown));
  const failing = options.failOn === "warn" ? ["warn", "error"] : options.failOn === "error" ? ["error"] : [];
  if (failing.includes(shown.level)) process.exitCode = 1;
}

async function documentedDays(lake: Lake): Promise<Day[]> {
  const { gold } = await readState(lake);
  return [...gold.keys()]
    .flatMap((path) => /^gold\/quality\/quality-([0-9]{8})\.json$/.exec(path)?.slice(1, 2) ?? [])
    .sort();
}

async function readQuality(lake: Lake, day: Day): Promise<DataQuality> {
  const path = qualityPath(day);
  try {
    return dataQuality.parse(JSON.parse(await readFile(await resolveInLake(lake, path), "utf8")));
  } catch (cause) {
    const message = `Expected ${path} to be a quality document, found something else. Recompute it with \`medallion run --rebuild\`.`;
    throw new CliError("DOCUMENT_DAMAGED", message, { cause });
  }
}

/** The newest document with the age that data sets have now, by the limits of the configuration. */
function asOfNow(document: DataQuality, config: Config): DataQuality {
  const now = nowMicros();
  const datasets = document.datasets.map((item) => {
    const { newest } = item.freshness;
    const at = newest === null ? null : microsOf(newest);
    return { ...item, freshness: freshnessOf(at, now, settingOf(config.freshness, item.dataset)) };
  });
  const late = datasets.flatMap(({ dataset, freshness }): QualityFinding[] =>
    freshness.level === "ok"
      ? []
      : [{ check: "freshness", dataset, level: freshness.level, message: describeAge(freshness) }],
  );
  const findings = [...late, ...document.findings.filter(({ check }) => check !== "freshness")];
  const levelOf = (found: readonly QualityFinding[]) =>
    found.some(({ level }) => level === "error") ? "error" : found.length > 0 ? "warn" : "ok";
  return {
    ...document,
    level: levelOf(findings),
    datasets: datasets.map((item) => ({
      ...item,
      level: levelOf(findings.filter(({ dataset }) => dataset === item.dataset)),
    })),
    findings,
  };
}

/** `2025-11-27T10:00:00.123456Z` as microseconds since 1970. */
function microsOf(text: string): bigint {
  return (BigInt(Date.parse(`${text.slice(0, 19)}Z`)) / 1000n) * MILLION + BigInt(text.slice(20, 26));
}

function nothingKnown(day: Day | null, days: readonly Day[]): CliError {
  const known = days.length === 0 ? "there is none yet" : `they exist for days from ${days[0]} to ${days.at(-1)}`;
  return new CliError(
    "USAGE_INVALID",
    `Expected a day with a quality document${day === null ? "" : `, found ${day}`}: ${known}. A run makes one for each day that it touches. Next: medallion run`,
  );
}

function describe({ date, complete, level, datasets, agents, findings }: DataQuality): string[] {
  const percent = (value: number | null) => (value === null ? "-" : `${value.toFixed(1)} %`);
  const rows = datasets.map((item) => {
    const rates = item.completeness.flatMap(({ rate }) => rate ?? []);
    const mean = rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    return [
      item.dataset,
      item.level,
      item.volume.read,
      percent(mean),
      percent(item.validity.valid_rate),
      percent(item.uniqueness.unique_rate),
      ageOf(item.freshness.age_seconds),
    ];
  });
  return [
    `Quality of ${date}: ${level}${complete ? "" : " (the day was not over)"}.`,
    ...table(["data set", "level", "records", "complete", "valid", "unique", "age"], rows),
    "",
    `Tasks that moved backwards: ${agents.backwards}; unknown tasks: ${agents.unknown_tasks ?? "-"}; clocks ahead: ${agents.clocks_ahead}; silent masters: ${agents.silent_masters.length}.`,
    ...findings.map(({ level: found, dataset, message }) => `${found}: ${dataset}: ${message}`),
  ];
}

function ageOf(seconds: number | null): string {
  if (seconds === null) return "-";
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
