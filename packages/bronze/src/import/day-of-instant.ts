import { LakeError } from "@medallion/lake";
import { type Day, dayOfMicros } from "@medallion/lake/time";
import { isIsoInstant } from "@medallion/schema/instants";

/** The day of an ISO 8601 date-time in a time zone, which is also meant where the text has no offset; null for any other text. */
export function dayOfInstant(text: string, timeZone: string): Day | null {
  if (!isIsoInstant(text)) return null;
  const offset = /(?:Z|([+-])([0-9]{2}):?([0-9]{2})?)$/.exec(text.slice(19));
  if (offset === null) return text.slice(0, 10).replaceAll("-", "");
  const minutes = Number(offset[2] ?? 0) * 60 + Number(offset[3] ?? 0);
  const milliseconds = Date.parse(`${text.slice(0, 19)}Z`) - (offset[1] === "-" ? -minutes : minutes) * 60_000;
  try {
    return dayOfMicros(BigInt(milliseconds) * 1000n, timeZone);
  } catch (error) {
    // The local date is outside the years 0001 to 9999.
    if (error instanceof LakeError && error.code === "DAY_INVALID") return null;
    throw error;
  }
}
