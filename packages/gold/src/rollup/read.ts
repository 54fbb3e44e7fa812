import type { Lake } from "@medallion/lake";
import { dailyPath, resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type DailyAnalytics, dailyAnalytics } from "@medallion/schema/gold";
import { GoldError } from "../errors.ts";
import { type Rollup, readRollup } from "./document.ts";

/**
 * The daily document of a day; null when there is none.
 * @throws GoldError ROLLUP_INVALID when it is not one
 */
export async function readDaily(lake: Lake, day: Day): Promise<DailyAnalytics | null> {
  return readDailyAt(lake, day, await resolveInLake(lake, dailyPath(day)));
}

/** As `readDaily`, at an absolute path, where the document may be staged. */
export async function readDailyAt(lake: Lake, day: Day, path: string): Promise<DailyAnalytics | null> {
  const text = await lake.storage.readText(path);
  if (text === null) return null;
  const checked = dailyAnalytics.safeParse(parse(text));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw rollupInvalid(day, `it does not fit its schema at ${issue?.path.join(".")}: ${issue?.message}`);
}

/**
 * The roll-up of a day whose silver is retired.
 * @throws GoldError ROLLUP_INVALID when its daily document has none
 */
export async function readDayRollup(lake: Lake, day: Day): Promise<Rollup> {
  const document = await readDaily(lake, day);
  if (document?.rollup === undefined)
    throw rollupInvalid(day, document === null ? "there is none" : "it has no rollup");
  return readRollup(document.rollup);
}

/** What says that a roll-up cannot be used. */
export function rollupInvalid(day: Day, problem: string): GoldError {
  return new GoldError(
    "ROLLUP_INVALID",
    `Expected the roll-up of ${day}, whose silver is retired, in ${dailyPath(day)}: ${problem}. Restore that file from a backup.`,
    { day, file: dailyPath(day), problem },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
