import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { medallion, succeed } from "./medallion.ts";

/** A command that is killed, on a lake that always looks the same. */
export interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  /** What the clock of the command shows. */
  readonly now: number;
  /** Makes the lake. */
  prepare(lake: string): Promise<void>;
  /** Runs that bring a lake to its end after a kill; the last one finds nothing to do. */
  readonly after: readonly (readonly string[])[];
}

const FIRST = Date.UTC(2025, 10, 27, 12);
const DAY = 86_400_000;
const CONFIG = "medallion.config.json";

/** Records of all data sets: good ones, duplicates, late ones, broken ones. */
async function ingestAll(lake: string, now: number, round: number): Promise<void> {
  const at = (day: number, second: number) => new Date(now - day * DAY + second * 1000).toISOString();
  const tasks = Array.from({ length: 12 }, (_, index) => ({
    task_id: `task-${index % 9}`,
    status: ["completed", "failed", "queued"][index % 3],
    assigned_to: ["security-master", "'; drop table x; --"][index % 2],
    created_at: at(index % 3, -60),
    completed_at: at(index % 3, round * 60 + index),
  }));
  const lines = [...tasks.map((task) => JSON.stringify(task)), "{ broken", `{"status":"completed","round":${round}}`];
  const fault = { at: 0, now };
  await succeed(lake, ["ingest", "tasks", "-"], { fault, input: `${lines.join("\n")}\n` });
  const metric = { metric_name: "cpu", metric_value: round + 0.5, timestamp: at(1, round) };
  await succeed(lake, ["ingest", "metrics", "--master", "m", "--data", JSON.stringify(metric)], { fault });
  const event = { worker: "w-1", timestamp: at(0, round) };
  await succeed(lake, ["ingest", "events", "--type", "heartbeat", "--data", JSON.stringify(event)], { fault });
  const lineage = { lineage_id: `l-${round}`, task_id: "task-1", event_type: "started", timestamp: at(0, round) };
  await succeed(lake, ["ingest", "lineage", "--data", JSON.stringify(lineage)], { fault });
}

async function makeLake(lake: string): Promise<void> {
  await succeed(lake, ["init"]);
  await ingestAll(lake, FIRST, 0);
}

async function makeOldLake(lake: string): Promise<void> {
  await makeLake(lake);
  await succeed(lake, ["run"], { fault: { at: 0, now: FIRST } });
}

async function makeMixedLake(lake: string): Promise<void> {
  await makeOldLake(lake);
  await ingestAll(lake, FIRST + DAY, 1);
}

/** Its quarantine holds records that pass under the rules of the configuration beside it. */
async function makeQuarantine(lake: string): Promise<void> {
  await makeOldLake(lake);
  await writeFile(join(lake, "..", CONFIG), JSON.stringify({ rules: { tasks: { "task_id.required": "warn" } } }));
}

const RUN = ["run"];
const RETENTION = ["retention", "--apply"];

export const SCENES: readonly Scene[] = [
  { name: "first run", args: RUN, now: FIRST + 1000, prepare: makeLake, after: [RUN, RUN] },
  { name: "later run", args: RUN, now: FIRST + 2 * DAY, prepare: makeMixedLake, after: [RUN, RUN] },
  { name: "rebuild", args: ["run", "--rebuild"], now: FIRST + 2 * DAY, prepare: makeOldLake, after: [RUN, RUN] },
  { name: "retention", args: RETENTION, now: FIRST + 200 * DAY, prepare: makeOldLake, after: [RETENTION, RUN] },
];

/** Brings a lake to its end. */
export async function finish(lake: string, scene: Scene): Promise<void> {
  for (const args of scene.after) {
    const { code, stderr } = await medallion(lake, args, { fault: { at: 0, now: scene.now } });
    if (code !== 0) throw new Error(`medallion ${args.join(" ")} ended with ${code} after the kill: ${stderr}`);
  }
}
