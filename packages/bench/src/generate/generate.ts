import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { BROKEN } from "./broken.ts";
import { Random } from "./random.ts";
import { type LifeCycle, lifeCycle, recordText, type TaskState } from "./task.ts";

export interface GenerateOptions {
  /** How many lines to make. */
  readonly records: number;
  /** Default 1. */
  readonly seed?: number;
  /** The number of the first task, so that two inputs hold different tasks. Default 0. */
  readonly firstTask?: number;
  /** Without broken records, for tools that stop at one. Default `false`. */
  readonly clean?: boolean;
  /** When the first task is created, in days behind the usual start. Default 0. */
  readonly fromDay?: number;
  /** Over how many days tasks are created. Default 30. */
  readonly days?: number;
  /** The last state of each task only. Default `false`. */
  readonly finalOnly?: boolean;
}

/** Shares of all records. */
export const SHARES = { duplicate: 0.02, broken: 0.005, late: 0.01 } as const;

const DAY_MS = 86_400_000;
/** 1 November 2025, and the days over which tasks are created. */
const START_MS = Date.UTC(2025, 10, 1);
/** The days of an input, unless told. */
export const DEFAULT_DAYS = 30;
const LATEST_DAYS = 5;
/** Records of so many tasks arrive mixed up. */
const MIXED = 64;
const CHUNK_CHARACTERS = 1 << 20;

const WAYS = Object.values(BROKEN);

/**
 * Writes the records of task life cycles as JSON Lines, the same for the same options: 350 to 420 bytes a record, 2 %
 * duplicates, 0.5 % broken in ten ways and 1 % late by days.
 */
export async function generateFile(path: string, options: GenerateOptions): Promise<void> {
  await pipeline(Readable.from(generate(options)), createWriteStream(path));
}

/** The same records in pieces of about a mebibyte. */
export function* generate(options: GenerateOptions): Generator<Buffer> {
  let text = "";
  for (const line of generateLines(options)) {
    text += `${line}\n`;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield Buffer.from(text);
    text = "";
  }
  if (text !== "") yield Buffer.from(text);
}

/** The same records line by line. */
export function* generateLines(options: GenerateOptions): Generator<string> {
  const { records, seed = 1, firstTask = 0, clean = false, finalOnly = false } = options;
  const { fromDay = 0, days = DEFAULT_DAYS } = options;
  const random = new Random(seed);
  const spacing = (days * DAY_MS) / Math.max(1, records);
  const open: { task: LifeCycle; next: number }[] = [];
  let tasks = 0;
  let previous = "";
  let broken = 0;
  for (let index = 0; index < records; index += 1) {
    const kind = random.next();
    if (kind < SHARES.duplicate && previous !== "") {
      yield previous;
      continue;
    }
    const slot = random.below(MIXED);
    let entry = open[slot];
    if (entry === undefined) {
      const task = newTask(random, firstTask + tasks, START_MS + Math.floor(fromDay * DAY_MS + index * spacing));
      entry = { task, next: finalOnly ? task.states.length - 1 : 0 };
      tasks += 1;
      open[slot] = entry;
    }
    const state = entry.task.states[entry.next];
    entry.next += 1;
    if (entry.next === entry.task.states.length) delete open[slot];
    if (state === undefined) throw new TypeError("a task has no further state");
    if (!clean && kind < SHARES.duplicate + SHARES.broken) {
      yield brokenLine(state, broken);
      broken += 1;
    } else {
      previous = recordText(state);
      yield previous;
    }
  }
}

function newTask(random: Random, number: number, now: number): LifeCycle {
  const lateBy = random.chance(SHARES.late) ? (1 + random.below(LATEST_DAYS)) * DAY_MS : 0;
  return lifeCycle(random, number, Math.max(START_MS, now - lateBy));
}

function brokenLine(state: TaskState, index: number): string {
  const way = WAYS[index % WAYS.length];
  if (way === undefined) throw new TypeError("there is no way to break a record");
  return way(state);
}
