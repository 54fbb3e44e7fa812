import { z } from "zod";
import { defineDataset, type RecordOf } from "../contract/dataset.ts";
import { isoInstant } from "../instant.ts";
import { numeric } from "../numeric.ts";

/** What masters measure: one record a value. Two values without an id are two, be they the same. */
export const metrics = defineDataset({
  name: "metrics",
  version: "1.0.0",
  folders: { bronze: "raw-metrics", silver: "validated-metrics" },
  part: { field: "master" },
  record: z.object({
    metric_id: z.string().min(1).nullish(),
    metric_name: z.string().min(1),
    metric_value: numeric(),
    timestamp: isoInstant(),
    master: z.string().nullish(),
    unit: z.string().nullish(),
    labels: z.unknown().optional(),
  }),
  key: ["metric_id"],
  sameTime: false,
  withoutKey: "distinct",
  time: "timestamp",
  fallbacks: { metric_name: ["metric"], metric_value: ["value"], master: ["master_id"] },
});

/** A measurement as its contract gives it, after fall-backs. */
export type Measurement = RecordOf<typeof metrics>;
