import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { succeed } from "./medallion.ts";

/** A command that is killed, on a lake that always looks the same. */
export interface Scene {
  readonly name: string;
  readonly args: readonly string[];
  /** What the clock of the command shows. */
  readonly now: number;
  /** Makes the lake. */
  prepare(lake: string): Promise<void>;
  /** Whether the command, done again after it was done, adds no commit. */
  readonly logsOnce: boolean;
  /** Whether the whole suite kills it at every change, and not at some of them. */
  readonly everyKill: boolean;
}

const FIRST = Date.UTC(2025, 10, 27, 12);
const DAY = 86_400_000;
const CONFIG = "medallion.config.json";

/** Records of all data sets: good ones, duplicates, late ones, broken ones. */
async function ingestAll(lake: string, now: number, round: number): Promise<void> {
  const at = (day: number, second: number) => new Date(now - day * DAY + second * 1000).toISOString();
  const tasks = Array.from({ length: 12 }, (_, index) => ({
    task_id: `task-${index % 9}`,
    status: ["completed", "failed", "odd"][index % 3],
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

/** Its quarantine holds records that pass now, as the rule is only a warning again. */
async function makeQuarantine(lake: string): Promise<void> {
  const config = join(lake, "..", CONFIG);
  await writeFile(config, JSON.stringify({ rules: { tasks: { "status.expected": "quarantine" } } }));
  await makeOldLake(lake);
  await rm(config);
}

const RUN = ["run"];
const REBUILD = ["run", "--rebuild"];
const RETENTION = ["retention", "--apply"];
const REPLAY = ["quarantine", "replay"];

/** Of a scene whose command does nothing when it is done already, a kill leaves no trace in the log. */
export const SCENES: readonly Scene[] = [
  { name: "first run", args: RUN, now: FIRST + 1000, prepare: makeLake, logsOnce: true, everyKill: false },
  { name: "later run", args: RUN, now: FIRST + 2 * DAY, prepare: makeMixedLake, logsOnce: true, everyKill: true },
  { name: "rebuild", args: REBUILD, now: FIRST + 2 * DAY, prepare: makeOldLake, logsOnce: false, everyKill: false },
  {
    name: "retention",
    args: RETENTION,
    now: FIRST + 200 * DAY,
    prepare: makeOldLake,
    logsOnce: true,
    everyKill: false,
  },
  { name: "replay", args: REPLAY, now: FIRST + 2 * DAY, prepare: makeQuarantine, logsOnce: true, everyKill: false },
];
