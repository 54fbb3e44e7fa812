import { z } from "zod";
import { isoInstant } from "../instant.ts";
import { day } from "./parts.ts";

/** `silver/aggregated-metrics/<master>-YYYYMMDD.json`: a master's metrics of a day. */
export const aggregatedMetrics = z.strictObject({
  master: z.string(),
  date: day,
  layer: z.literal("silver"),
  processed_at: isoInstant(),
  metrics: z.array(
    z.strictObject({
      metric_name: z.string().min(1),
      count: z.number().int().positive(),
      sum: z.number(),
      avg: z.number(),
      min: z.number(),
      max: z.number(),
      p50: z.number(),
      p95: z.number(),
      first_timestamp: isoInstant(),
      last_timestamp: isoInstant(),
    }),
  ),
});

/** A master's metrics of a day, as the document says them. */
export type AggregatedMetrics = z.infer<typeof aggregatedMetrics>;
