import { z } from "zod";
import { count, day } from "./parts.ts";

/** A sum of microseconds, in decimal digits, exact at any size. */
const microseconds = z.string().regex(/^(?:0|[1-9][0-9]*)$/);
const tally = {
  total: count,
  completed: count,
  failed: count,
  cancelled: count,
  durations: count,
  duration_sum_micros: microseconds,
};

const contribution = {
  ...tally,
  fast: count,
  slow: count,
  by_master: z.array(z.strictObject({ master: z.string(), ...tally })),
  by_status: z.array(z.strictObject({ status: z.string(), count })),
  by_priority: z.array(z.strictObject({ priority: z.string(), count })),
  by_type: z.array(z.strictObject({ type: z.string(), count })),
  /**
   * A mergeable quantile sketch (DDSketch): how many durations are in each bucket, by the bucket's lower bound in
   * microseconds. The upper bound is the lower one with its lowest of eight leading binary digits counted up.
   */
  sketch: z.record(microseconds, z.number().int().positive()),
};

/** What tasks add to counts, sums and buckets; contributions can be added and subtracted. */
export const rollupContribution = z.strictObject(contribution);

/** What tasks add to counts, sums and buckets. */
export type RollupContribution = z.infer<typeof rollupContribution>;

/**
 * What is left of a day whose silver is retired. `superseded` is the part of it by tasks that were seen again, by the
 * next retired day on which they were. Over a range, the days add up, less what a day of the range supersedes.
 */
export const dayRollup = z.strictObject({
  ...contribution,
  superseded: z.array(z.strictObject({ day, ...contribution })),
});

/** What is left of a day whose silver is retired. */
export type DayRollup = z.infer<typeof dayRollup>;
