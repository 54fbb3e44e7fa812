import type { Lake } from "@medallion/lake";
import { dailyPath, resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { type DailyAnalytics, dailyAnalytics } from "@medallion/schema/gold";
import { GoldError } from "../errors.ts";
import { masterNumbers, performanceNumbers, shareNumbers, summaryNumbers } from "./groups.ts";
import type { ExplainableNumber } from "./number.ts";
import { inputNumbers, qualityNumbers } from "./quality.ts";

/**
 * Every number of a day's document with the way it comes about, in the order of the document. Those of its `rollup` are
 * none of them: they are what the others are made of where silver is gone.
 */
export function dailyNumbers(document: DailyAnalytics): ExplainableNumber[] {
  return [
    ...summaryNumbers(document.summary),
    ...masterNumbers(document.by_master),
    ...shareNumbers(
      "status",
      document.by_status.map(({ status, ...share }) => ({ name: status, ...share })),
    ),
    ...shareNumbers(
      "priority",
      document.by_priority.map(({ priority, ...share }) => ({ name: priority, ...share })),
    ),
    ...shareNumbers(
      "type",
      document.by_type.map(({ type, ...share }) => ({ name: type, ...share })),
    ),
    ...performanceNumbers(document.performance),
    ...qualityNumbers(document.quality),
    ...inputNumbers(document.inputs),
  ];
}

/**
 * Reads the document of a day; null when there is none.
 * @throws GoldError DOCUMENT_INVALID when it is no such document
 */
export async function readDailyDocument(lake: Lake, day: Day): Promise<DailyAnalytics | null> {
  const path = dailyPath(day);
  const text = await lake.storage.readText(await resolveInLake(lake, path));
  if (text === null) return null;
  const checked = dailyAnalytics.safeParse(parse(text));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const place = issue?.path.join(".") ?? null;
  throw new GoldError(
    "DOCUMENT_INVALID",
    `${path} does not fit its schema at ${place}: ${issue?.message}. Make it again with \`medallion analytics daily ${day}\`.`,
    { file: path, path: place },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
