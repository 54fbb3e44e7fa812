import { isIsoInstant } from "../instant-text.ts";

const PARTS = /^(.{19})(?:[.]([0-9]+))?(?:(Z)|([+-])([0-9]{2}):?([0-9]{2})?)$/;

/**
 * An ISO 8601 date-time with an offset as microseconds since the epoch; digits beyond microseconds are cut off, as
 * engines do. Null when the text is no such date-time, or has no offset and so depends on the lake's time zone.
 */
export function instantMicros(text: string): bigint | null {
  if (!isIsoInstant(text)) return null;
  const parts = PARTS.exec(text);
  if (parts === null) return null;
  const [, clock = "", fraction = "", , sign, hours, minutes] = parts;
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -1 : 1);
  const second = BigInt(Date.parse(`${clock}Z`) / 1000 - offset * 60);
  return second * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
}
