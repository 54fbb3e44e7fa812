import { LakeError } from "@medallion/lake";
import { checkTimeZone } from "@medallion/lake/time";
import type { Severity } from "@medallion/schema";
import { isEngineUrl, isMemorySize } from "./engine-values.ts";
import type { Check } from "./section.ts";
import type { Keep } from "./user-config.ts";

const SECONDS = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 604_800],
]);
const LONGEST_DAYS = 1_000_000;
const MOST_THREADS = 9999;
const SEVERITIES: readonly Severity[] = ["warn", "quarantine", "fail"];

export const text: Check<string> = (value, at, problems) =>
  typeof value === "string" && value.trim() !== "" && !value.includes("\0")
    ? value
    : problems.expected(at, "a text that is not empty", value);

/** Days to keep. */
export const keep: Check<Keep> = (value, at, problems) =>
  value === "never" || isWhole(value, 0, LONGEST_DAYS)
    ? value
    : problems.expected(at, 'a whole number of days or "never"', value);

/** A time span such as `26h` or `1d12h`, in seconds. */
export const duration: Check<number> = (value, at, problems) => {
  const wrong = () => problems.expected(at, 'a time span such as "30m", "26h" or "2d"', value);
  if (typeof value !== "string" || !/^(?:[0-9]{1,6}[smhdw])+$/.test(value)) return wrong();
  const seconds = [...value.matchAll(/([0-9]+)([smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (SECONDS.get(unit ?? "") ?? 0),
    0,
  );
  return seconds > 0 ? seconds : wrong();
};

export const severity: Check<Severity> = (value, at, problems) =>
  SEVERITIES.find((known) => known === value) ?? problems.expected(at, '"warn", "quarantine" or "fail"', value);

export const timeZone: Check<string> = (value, at, problems) => {
  const wrong = () => problems.expected(at, "an IANA time zone such as UTC or Europe/Berlin", value);
  if (typeof value !== "string") return wrong();
  try {
    return checkTimeZone(value);
  } catch (error) {
    if (error instanceof LakeError) return wrong();
    throw error;
  }
};

export const engineUrl: Check<string> = (value, at, problems) =>
  typeof value === "string" && isEngineUrl(value)
    ? value
    : problems.expected(at, '"duckdb" or a Spark Connect address such as sc://localhost:15002', value);

export const threads: Check<number> = (value, at, problems) =>
  isWhole(value, 1, MOST_THREADS) ? value : problems.expected(at, `a whole number from 1 to ${MOST_THREADS}`, value);

export const memoryLimit: Check<string> = (value, at, problems) =>
  typeof value === "string" && isMemorySize(value)
    ? value
    : problems.expected(at, "an amount of memory such as 2GB or 700MB", value);

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}
