import { LakeError } from "../errors.ts";
import { type Day, isDay } from "../time/calendar.ts";
import { checkDay } from "../time/days.ts";
import { checkSafeName } from "./names.ts";
import type { LakePath } from "./paths.ts";

/** The two forms of a silver partition: JSONL for people, Parquet for engines. */
export type SilverFormat = "jsonl" | "parquet";

/**
 * `bronze/raw-tasks/20251127.jsonl`, or with a part `bronze/events/<part>-20251127.jsonl`.
 * @param part an already encoded name (`nameFile`)
 * @throws LakeError `NAME_INVALID`, `DAY_INVALID`, as all functions of this file
 */
export function bronzePath(folder: string, day: Day, part?: string): LakePath {
  const prefix = part === undefined ? "" : `${checkSafeName(part)}-`;
  return `bronze/${checkSafeName(folder)}/${prefix}${checkDay(day)}.jsonl`;
}

/**
 * `silver/processed-tasks/20251127.parquet`, and for a part after the first `silver/processed-tasks/20251127-0002.parquet`.
 * @param part from 1 to 999999; default: 1
 */
export function silverPath(folder: string, day: Day, format: SilverFormat, part = 1): LakePath {
  return `silver/${checkSafeName(folder)}/${checkDay(day)}${partSuffix(part)}.${format}`;
}

/** A number of a part has never as many digits as a day, so that no part is taken for another day's file. */
const MOST_PARTS = 999_999;

function partSuffix(part: number): string {
  if (part === 1) return "";
  if (Number.isInteger(part) && part > 1 && part <= MOST_PARTS) return `-${String(part).padStart(4, "0")}`;
  throw new LakeError("NAME_INVALID", `Expected the number of a part from 1 to ${MOST_PARTS}, found ${part}.`, {
    found: part,
  });
}

/**
 * The first part of the partition that a file of silver is a part of, in the same form: the file itself where it is the first.
 * Null for what is no such file, such as quarantine and documents.
 */
export function firstPartOf(path: LakePath): LakePath | null {
  const found = /^silver\/([^/]+)\/([0-9]{8})(?:-([0-9]{4,6}))?\.(jsonl|parquet)$/.exec(path);
  const [, folder, day, part, format] = found ?? [];
  if (folder === undefined || day === undefined || !isDay(day)) return null;
  if (format !== "jsonl" && format !== "parquet") return null;
  if (part !== undefined && (Number(part) < 2 || silverPath(folder, day, format, Number(part)) !== path)) return null;
  return silverPath(folder, day, format);
}

/**
 * `silver/aggregated-metrics/<master>-20251127.json`
 * @param master an already encoded name (`nameFile`)
 */
export function aggregatePath(folder: string, day: Day, master: string): LakePath {
  return `silver/${checkSafeName(folder)}/${checkSafeName(master)}-${checkDay(day)}.json`;
}

/** `silver/quarantine/<data set>/20251127.jsonl`, by the day of ingestion. */
export function quarantinePath(dataset: string, day: Day): LakePath {
  return `silver/quarantine/${checkSafeName(dataset)}/${checkDay(day)}.jsonl`;
}

/** `silver/profiles/<data set>/20251127.json` */
export function profilePath(dataset: string, day: Day): LakePath {
  return `silver/profiles/${checkSafeName(dataset)}/${checkDay(day)}.json`;
}

/** `gold/analytics/daily-20251127.json` */
export function dailyPath(day: Day): LakePath {
  return `gold/analytics/daily-${checkDay(day)}.json`;
}

/**
 * `gold/analytics/weekly-2025-W48.json`
 * @param week as `weekOf` names it
 */
export function weeklyPath(week: string): LakePath {
  if (/^[0-9]{4}-W(?:0[1-9]|[1-4][0-9]|5[0-3])$/.test(week)) return `gold/analytics/weekly-${week}.json`;
  throw new LakeError("DAY_INVALID", `Expected an ISO week such as 2025-W48, found ${JSON.stringify(week)}.`, {
    found: week,
  });
}

/**
 * `gold/reports/<master>-20251127.json`
 * @param master an already encoded name (`nameFile`)
 */
export function reportPath(master: string, day: Day): LakePath {
  return `gold/reports/${checkSafeName(master)}-${checkDay(day)}.json`;
}

/** `gold/kpis/kpis-20251120-to-20251127.json`, both days included. */
export function kpisPath(start: Day, end: Day): LakePath {
  return `gold/kpis/kpis-${checkDay(start)}-to-${checkDay(end)}.json`;
}

/** `gold/quality/quality-20251127.json` */
export function qualityPath(day: Day): LakePath {
  return `gold/quality/quality-${checkDay(day)}.json`;
}
