import { z } from "zod";
import { isIsoInstant } from "./instant-text.ts";

/**
 * A zod schema for an ISO 8601 date-time (see `ISO_INSTANT_PATTERN`) that silver compiles to SQL and normalises
 * to UTC with microseconds. The parsed value stays the string it was.
 *
 * @example
 * const record = z.object({ created_at: isoInstant().nullish() });
 */
export function isoInstant() {
  return z.stringFormat("iso_instant", isIsoInstant, {
    error: (issue) =>
      typeof issue.input === "string"
        ? "must be an ISO 8601 date-time that exists, such as 2025-11-27T10:00:00Z"
        : undefined,
  });
}

/** Whether a schema is {@link isoInstant}; a format of the same name with another check is not. */
export function isInstantSchema(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodCustomStringFormat && schema._zod.def.fn === isIsoInstant;
}
