import type { Random } from "./random.ts";

/** The states of one task in JSON text, from its creation to its end, as an agent system writes them. */
export interface LifeCycle {
  readonly id: string;
  readonly states: readonly TaskState[];
}

/** A record of a task: its text in two parts, so that a broken one can be made of it. */
export interface TaskState {
  /** The members before the status, with the opening brace and without a comma at the end. */
  readonly head: string;
  readonly status: string;
  /** When the record was written, as ISO 8601 text. */
  readonly updatedAt: string;
  /** The members behind `updated_at`, with the closing brace and a comma at the start. */
  readonly tail: string;
}

const TYPES = ["bugfix", "feature", "security-scan", "documentation", "inventory", "deployment"] as const;
const MASTERS = ["development", "security", "inventory", "cicd", "coordinator", "documentation", "testing"] as const;
const PRIORITIES = ["low", "medium", "high", "critical"] as const;
const VERBS = ["Scan", "Mend", "Review", "Measure", "Document", "Rebuild", "Roll out", "Check"] as const;
const THINGS = [
  "the known vulnerabilities",
  "the routing of late events",
  "the catalogue of repositories",
  "the queue's longest waits",
  "the nightly build's artefacts",
  "café menus in every language 🚀",
] as const;
const PLACES = ["in staging", "for the release", "once more", "by hand"] as const;

/** The text of a state as one record. */
export function recordText({ head, status, updatedAt, tail }: TaskState): string {
  return `${head},"status":"${status}","updated_at":"${updatedAt}"${tail}`;
}

/**
 * Makes the life cycle of a task: queued, in_progress, then completed, failed or cancelled.
 * @param number the task's place among all tasks, from 0
 * @param createdAt milliseconds since the epoch
 */
export function lifeCycle(random: Random, number: number, createdAt: number): LifeCycle {
  const id = `task-${String(number).padStart(9, "0")}-${(random.below(0xffffff) + 0x1000000).toString(16).slice(1)}`;
  const startedAt = createdAt + 200 + random.below(9_000);
  const endedAt = startedAt + Math.floor(500 - 40_000 * Math.log(1 - random.next()));
  const created = new Date(createdAt).toISOString();
  const started = new Date(startedAt).toISOString();
  const ended = new Date(endedAt).toISOString();
  const title = `${random.pick(VERBS)} ${random.pick(THINGS)} ${random.pick(PLACES)}`;
  const owner = random.chance(0.9) ? "master" : "assigned_to";
  const head =
    `{"task_id":"${id}","type":"${random.pick(TYPES)}","title":"${title}","priority":"${random.pick(PRIORITIES)}",` +
    `"${owner}":"${random.pick(MASTERS)}-master","created_at":"${created}"`;
  const worker = `w-${1000 + random.below(9000)}`;
  const context = `,"context":{"repository":"service-${100 + random.below(900)}","attempt":${1 + random.below(3)}}`;
  const running = `,"worker":"${worker}","started_at":"${started}"${context}`;
  const end = endOf(random, ended);
  return {
    id,
    states: [
      {
        head,
        status: "queued",
        updatedAt: created,
        tail: `${context},"labels":["auto","tier-${1 + random.below(3)}"],"estimated_seconds":${10 + random.below(90)},"queue":"default"}`,
      },
      {
        head,
        status: "in_progress",
        updatedAt: started,
        tail: `${running},"tokens":${random.below(90_000)}}`,
      },
      { head, status: end.status, updatedAt: ended, tail: `${running}${end.tail}}` },
    ],
  };
}

function endOf(random: Random, ended: string): { status: string; tail: string } {
  const kind = random.next();
  if (kind < 0.9) return { status: "completed", tail: `,"completed_at":"${ended}"` };
  if (kind < 0.96)
    return { status: "failed", tail: `,"error":{"code":"E${100 + random.below(20)}","message":"no answer"}` };
  return { status: "cancelled", tail: ',"reason":"superseded"' };
}
