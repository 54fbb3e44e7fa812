import { z } from "zod";
import { recordDigest } from "../contract/computed.ts";
import { defineDataset, type RecordOf } from "../contract/dataset.ts";
import { isoInstant } from "../instant.ts";

const text = z.string().nullish();

/** Whatever agents report, but lineage: one record an event, of any type. */
export const events = defineDataset({
  name: "events",
  version: "1.0.0",
  folders: { bronze: "events", silver: "validated-events" },
  part: { field: "event_type", except: ["lineage"] },
  record: z.object({
    event_id: z.string().min(1).nullish(),
    event_type: z.string().min(1),
    timestamp: isoInstant(),
    task_id: text,
    worker_id: text,
    master: text,
    source: text,
    correlation_id: text,
    severity: text,
    payload: z.unknown().optional(),
  }),
  key: ["event_id"],
  sameTime: false,
  withoutKey: ["event_type", "record_digest"],
  time: "timestamp",
  fallbacks: { event_type: ["type"], timestamp: ["ingested_at"] },
  computed: { record_digest: recordDigest("event_id") },
});

/** An event as its contract gives it, after fall-backs. */
export type AgentEvent = RecordOf<typeof events>;
