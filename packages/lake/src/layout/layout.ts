import { LakeError } from "../errors.ts";
import { type Day, isDay } from "../time/calendar.ts";
import { checkDay } from "../time/days.ts";
import { checkSafeName, isSafeName } from "./names.ts";
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

/**
 * What stands in the name of a file behind the day: nothing for the first part, `-0002` for the second.
 * @param part from 1 to 999999
 */
export function partSuffix(part: number): string {
  if (part === 1) return "";
  if (Number.isInteger(part) && part > 1 && part <= MOST_PARTS) return `-${String(part).padStart(4, "0")}`;
  throw new LakeError("NAME_INVALID", `Expected the number of a part from 1 to ${MOST_PARTS}, found ${part}.`, {
    found: part,
  });
}

const QUARANTINE = "silver/quarantine/";
const PART_OF_DAY = /^silver\/(?:quarantine\/([^/]+)|([^/]+))\/([0-9]{8})(?:-([0-9]{4,6}))?\.(jsonl|parquet)$/;

/**
 * The first part of the day that a file of silver or of quarantine is a part of, in the same form: the file itself where it is
 * the first. Null for what is no such file, such as documents.
 */
export function firstPartOf(path: LakePath): LakePath | null {
  const [, dataset, folder, day, part = "1", format] = PART_OF_DAY.exec(path) ?? [];
  const name = dataset ?? folder;
  if (name === undefined || !isSafeName(name) || day === undefined || !isDay(day) || Number(part) < 1) return null;
  if (format !== "jsonl" && format !== "parquet") return null;
  const pathOf = (number: number) =>
    dataset === undefined ? silverPath(name, day, format, number) : quarantinePath(name, day, number);
  return pathOf(Number(part)) === path ? pathOf(1) : null;
}

/** Whether a file of the lake is one of quarantine. */
export function isQuarantine(path: LakePath): boolean {
  return path.startsWith(QUARANTINE);
}

/**
 * `silver/aggregated-metrics/<master>-20251127.json`
 * @param master an already encoded name (`nameFile`)
 */
export function aggregatePath(folder: string, day: Day, master: string): LakePath {
  return `silver/${checkSafeName(folder)}/${checkSafeName(master)}-${checkDay(day)}.json`;
}

/**
 * `silver/quarantine/<data set>/20251127.jsonl`, by the day of ingestion; parts after the first as those of {@link silverPath}.
 * @param part from 1 to 999999; default: 1
 */
export function quarantinePath(dataset: string, day: Day, part = 1): LakePath {
  return `silver/quarantine/${checkSafeName(dataset)}/${checkDay(day)}${partSuffix(part)}.jsonl`;
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
