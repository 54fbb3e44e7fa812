import { z } from "zod";
import { equals, present, secondsBetween } from "../contract/computed.ts";
import { defineDataset, type RecordOf } from "../contract/dataset.ts";
import { isoInstant } from "../instant.ts";

/** The states of a task that are known so far; another one is kept and counted as a warning. */
export const TASK_STATUSES = [
  "pending",
  "queued",
  "assigned",
  "in_progress",
  "running",
  "blocked",
  "worker_spawned",
  "pending_analysis",
  "completed",
  "failed",
  "cancelled",
  "canceled",
] as const;

const text = z.string().nullish();

/** What agents work on: one record a state of a task. */
export const tasks = defineDataset({
  name: "tasks",
  version: "1.0.0",
  folders: { bronze: "raw-tasks", silver: "processed-tasks" },
  record: z.object({
    task_id: z.string().min(1),
    status: z.string().min(1),
    timestamp: isoInstant(),
    master: text,
    type: text,
    priority: z.union([z.string(), z.number()]).nullish(),
    title: text,
    description: text,
    created_at: isoInstant().nullish(),
    started_at: isoInstant().nullish(),
    completed_at: isoInstant().nullish(),
    updated_at: isoInstant().nullish(),
    error: z.unknown().optional(),
  }),
  expected: { status: z.enum(TASK_STATUSES) },
  key: ["task_id"],
  time: "timestamp",
  fallbacks: {
    task_id: ["id"],
    timestamp: ["updated_at", "completed_at", "created_at", "ingested_at"],
    master: ["assigned_to"],
  },
  computed: {
    duration_seconds: secondsBetween("created_at", "completed_at"),
    is_success: equals("status", "completed"),
    is_failure: equals("status", "failed"),
    is_cancelled: equals("status", "cancelled", "canceled"),
    has_error: present("error"),
  },
});

/** A task as its contract gives it, after fall-backs. */
export type Task = RecordOf<typeof tasks>;
