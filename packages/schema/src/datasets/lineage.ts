import { z } from "zod";
import { secondsBetween } from "../contract/computed.ts";
import { defineDataset, type RecordOf } from "../contract/dataset.ts";
import { isoInstant } from "../instant.ts";

const text = z.string().nullish();

/**
 * What happened to a task and where it came from: one record an event. Bronze keeps it among the events, as those of
 * the type `lineage`. The ids of older loggers can collide, so that an id alone makes no duplicate.
 */
export const lineage = defineDataset({
  name: "lineage",
  version: "1.0.0",
  folders: { bronze: "events", silver: "validated-lineage" },
  part: { only: "lineage" },
  record: z.object({
    lineage_id: text,
    task_id: z.string().min(1),
    event_type: z.string().min(1),
    timestamp: isoInstant(),
    parent_lineage_id: text,
    trace_id: text,
    operation_name: text,
    actor: z.unknown().optional(),
    started_at: isoInstant().nullish(),
    completed_at: isoInstant().nullish(),
  }),
  key: ["lineage_id", "task_id", "event_type"],
  time: "timestamp",
  computed: { duration_seconds: secondsBetween("started_at", "completed_at") },
});

/** A lineage event as its contract gives it. */
export type LineageEvent = RecordOf<typeof lineage>;
