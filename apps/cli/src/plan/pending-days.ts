import { type Lake, LakeError, type PendingFile } from "@medallion/lake";
import { resolveInLake } from "@medallion/lake/layout";
import { type Day, dayOfMicros } from "@medallion/lake/time";
import { type Dataset, isIsoInstant } from "@medallion/schema";
import { resolveRecord } from "@medallion/schema/contract";
import { parseJsonObject } from "../json-object.ts";
import { linesOf } from "../lines.ts";

const MICROS_IN_MILLISECOND = 1000n;

/**
 * Counts the records in the new bytes of a bronze file by the partition that they will belong to: the day of their time,
 * or where that is not valid the day of their ingestion. Whether they keep the rules, only a run finds out.
 */
export async function pendingDays(lake: Lake, dataset: Dataset, file: PendingFile): Promise<Map<Day, number>> {
  const days = new Map<Day, number>();
  const path = await resolveInLake(lake, file.path);
  for await (const line of linesOf(path, { from: file.from, to: file.size })) {
    if (line.trim() === "") continue;
    const day = dayOfLine(lake, dataset, file, line);
    days.set(day, (days.get(day) ?? 0) + 1);
  }
  return days;
}

function dayOfLine(lake: Lake, dataset: Dataset, file: PendingFile, line: string): Day {
  const bronze = parseJsonObject(line);
  const ingestedAt = typeof bronze?.ingested_at === "string" ? bronze.ingested_at : null;
  const ingested = (ingestedAt === null ? null : dayOfInstant(ingestedAt, lake.timeZone)) ?? file.day;
  const record = typeof bronze?.raw === "string" ? parseJsonObject(bronze.raw) : bronze;
  if (record === null) return ingested;
  const time = resolveRecord(dataset, record, ingestedAt, file.part)[dataset.time];
  return (typeof time === "string" ? dayOfInstant(time, lake.timeZone) : null) ?? ingested;
}

/** The lake's day of an ISO 8601 date-time; one without an offset is in the lake's time zone. Null when it is none. */
export function dayOfInstant(text: string, timeZone: string): Day | null {
  if (!isIsoInstant(text)) return null;
  const [, sign, hours, minutes] = /([+-])([0-9]{2}):?([0-9]{2})?$/.exec(text.slice(19)) ?? [];
  if (sign === undefined && !text.endsWith("Z")) return text.slice(0, 10).replaceAll("-", "");
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60_000 : 60_000);
  try {
    return dayOfMicros(BigInt(Date.parse(`${text.slice(0, 19)}Z`) - offset) * MICROS_IN_MILLISECOND, timeZone);
  } catch (error) {
    if (error instanceof LakeError) return null;
    throw error;
  }
}
