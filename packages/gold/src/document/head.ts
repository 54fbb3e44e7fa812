import { formatUtc, type Micros } from "@medallion/lake/time";

/** What every document says besides its numbers. */
export interface DocumentContext {
  /** The time zone in which the lake's days begin, by its IANA name. */
  readonly timeZone: string;
  /** When the document is made, in microseconds since 1970. */
  readonly generatedAt: Micros;
  /** The version and hash of the rules that made the silver, as `rulesVersion` gives them. */
  readonly rulesVersion: string;
}

/** The members with which every document says where it comes from. */
export function headOf({ timeZone, generatedAt, rulesVersion }: DocumentContext) {
  return {
    layer: "gold",
    generated_at: formatUtc(generatedAt),
    timezone: timeZone,
    rules_version: rulesVersion,
  } as const;
}
