import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExplainedRow, Explanation, Part } from "@medallion/gold";

/** A task as its bronze line says it, read without any of the pipeline. */
interface BronzeTask {
  readonly record: Readonly<Record<string, unknown>> | null;
  readonly id: unknown;
  readonly status: unknown;
  readonly at: bigint | null;
  readonly micros: bigint | null;
  readonly isNegative: boolean;
}

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const TIMES = ["timestamp", "updated_at", "completed_at", "created_at", "ingested_at"] as const;

/** Computes numbers from nothing but the bronze lines that explanations list. For lakes in UTC. */
export class Recomputation {
  readonly #root: string;
  readonly #files = new Map<string, Promise<string[]>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** The bronze line of a row. */
  async line({ bronze }: ExplainedRow): Promise<string> {
    const lines =
      this.#files.get(bronze.file) ?? readFile(join(this.#root, bronze.file), "utf8").then((text) => text.split("\n"));
    this.#files.set(bronze.file, lines);
    return (await lines)[bronze.line - 1] ?? "";
  }

  async task(row: ExplainedRow): Promise<BronzeTask> {
    return taskOf(await this.line(row));
  }

  /** The number, by the formula of its path; an error where a listed line does not belong to it. */
  async value({ path, rows, rank }: Explanation): Promise<number | null> {
    const part = async (name: Part) =>
      Promise.all(rows.filter((row) => row.part === name).map((row) => this.task(row)));
    const places = rows.map((row) => `${row.part} ${row.bronze.file}:${row.bronze.line}`);
    if (new Set(places).size !== places.length) throw new Error(`${path} lists a line twice`);
    const name = path.slice(Math.max(path.lastIndexOf("."), 0) + 1);
    if (path.startsWith("quality.") || path.startsWith("inputs[")) return this.#quality(path, await part("counted"));
    const isDone = ({ status }: BronzeTask) => status === "completed";
    if (name.endsWith("_rate") || name === "percentage") {
      const [numerator, denominator] = [await part("numerator"), await part("denominator")];
      const holds = name === "percentage" ? memberTest(path) : isDone;
      if (!numerator.every(holds) || denominator.filter(holds).length !== numerator.length)
        throw new Error(`${path} lists others as numerator`);
      if (name === "success_rate" && denominator.some(isCancelled)) throw new Error(`${path} lists cancelled tasks`);
      return quotient(100n * BigInt(numerator.length), BigInt(denominator.length), 10n);
    }
    if (name === "avg_duration_seconds") {
      const durations = durationsOf(await part("duration"));
      const sum = durations.reduce((total, micros) => total + micros, 0n);
      return quotient(sum, BigInt(durations.length) * 1_000_000n, 1000n);
    }
    if (name === "min_duration_seconds" || name === "max_duration_seconds") {
      const own = await part(name.startsWith("min") ? "minimum" : "maximum");
      const all = durationsOf([...own, ...(await part("duration"))]).sort((a, b) => (a < b ? -1 : 1));
      const [found] = name.startsWith("min") ? all : all.reverse();
      if (found !== own[0]?.micros && found !== undefined) throw new Error(`${path} marks another row`);
      return found === undefined ? null : quotient(found, 1_000_000n, 1000n);
    }
    if (/^p\d+_duration$/.test(name)) {
      const [lower, upper] = durationsOf([...(await part("lower")), ...(await part("upper"))]);
      if (lower === undefined || rank === undefined) return null;
      const percent = Number(name.slice(1, 3));
      if (Math.abs(1 + ((rank.count - 1) * percent) / 100 - (rank.lower + rank.fraction)) > 1e-9)
        throw new Error(`${path} has another rank`);
      const hundredths = BigInt(Math.round(rank.fraction * 100));
      return quotient(lower * (100n - hundredths) + (upper ?? lower) * hundredths, 100_000_000n, 1000n);
    }
    const counted = await part("counted");
    const test = countTest(path, name);
    if (!counted.every(test)) throw new Error(`${path} lists a line that is none of it`);
    if (new Set(counted.map(({ id }) => id)).size !== counted.length) throw new Error(`${path} counts a task twice`);
    return counted.length;
  }

  #quality(path: string, counted: readonly BronzeTask[]): number {
    const rule = /^quality\.(?:rejects|warnings)\.(.+)$/.exec(path)?.[1];
    const test = rule === undefined ? () => true : RULES[rule];
    if (test === undefined) throw new Error(`nothing checks the rule ${rule}`);
    if (!counted.every(test)) throw new Error(`${path} lists a record that keeps the rule`);
    return counted.length;
  }
}

const RULES: Readonly<Record<string, (task: BronzeTask) => boolean>> = {
  "record.json": ({ record }) => record === null,
  "task_id.required": ({ id }) => id === undefined || id === null,
  "status.required": ({ status }) => status === undefined || status === null,
  "timestamp.valid": ({ at }) => at === null,
  "duration_seconds.negative": ({ isNegative }) => isNegative,
  "status.expected": ({ status }) => typeof status === "string" && status !== "completed" && status !== "failed",
};

function countTest(path: string, name: string): (task: BronzeTask) => boolean {
  if (path.startsWith("performance.buckets.")) return ({ micros }) => micros !== null && bucketOf(micros) === name;
  if (name === "count") return memberTest(path);
  const ofMaster = path.startsWith("by_master[") ? memberTest(path) : () => true;
  const outcomes: Readonly<Record<string, (task: BronzeTask) => boolean>> = {
    total: () => true,
    completed: ({ status }) => status === "completed",
    failed: ({ status }) => status === "failed",
    cancelled: isCancelled,
  };
  const ofOutcome = outcomes[name.replace("_tasks", "")];
  if (ofOutcome === undefined) throw new Error(`there is no formula for ${path}`);
  return (task) => ofMaster(task) && ofOutcome(task);
}

function memberTest(path: string): (task: BronzeTask) => boolean {
  const [, column = "", name] = /^by_([a-z]+)\[(.*)\]\.[a-z_]+$/s.exec(path) ?? [];
  const missing = column === "master" ? "unassigned" : "unknown";
  return ({ record }) => {
    const own = record?.[column];
    const value = column === "master" ? (own ?? record?.assigned_to) : own;
    const text =
      typeof value === "string" ? value : value === undefined || value === null ? missing : JSON.stringify(value);
    return text === name;
  };
}

function isCancelled({ status }: BronzeTask): boolean {
  return status === "cancelled" || status === "canceled";
}

function bucketOf(micros: bigint): string {
  return micros < 30_000_000n ? "fast" : micros > 60_000_000n ? "slow" : "normal";
}

function durationsOf(tasks: readonly BronzeTask[]): bigint[] {
  return tasks.map(({ micros }) => {
    if (micros === null) throw new Error("a listed line has no duration");
    return micros;
  });
}

/** Rounded half up. */
function quotient(dividend: bigint, divisor: bigint, scale: bigint): number | null {
  if (divisor === 0n) return null;
  return Number((2n * dividend * scale + divisor) / (2n * divisor)) / Number(scale);
}

function taskOf(line: string): BronzeTask {
  const outer = objectOf(line);
  const isWrapped = outer !== null && typeof outer.raw === "string" && outer.layer === "bronze";
  const record = isWrapped ? ("raw_error" in outer ? null : objectOf(String(outer.raw))) : outer;
  const time = TIMES.find((name) => (record?.[name] ?? null) !== null);
  const [from, to] = [instantOf(record?.created_at), instantOf(record?.completed_at)];
  const span = from === null || to === null ? null : to - from;
  return {
    record,
    id: record?.task_id ?? record?.id,
    status: record?.status,
    at: time === undefined ? null : instantOf(record?.[time]),
    micros: span === null || span < 0n ? null : span,
    isNegative: span !== null && span < 0n,
  };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : null;
  } catch {
    return null;
  }
}

function instantOf(value: unknown): bigint | null {
  const match = typeof value === "string" ? INSTANT.exec(value) : null;
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const milliseconds = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
  if (!new Date(milliseconds).toISOString().startsWith(String(value).slice(0, 19))) return null;
  const micros = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6));
  const [, sign, hours = "0", minutes = "0"] = /^([+-])(\d\d):?(\d\d)?$/.exec(match[8] ?? "Z") ?? [];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * (sign === undefined ? 0 : 1);
  return BigInt(milliseconds - offset * 60_000) * 1000n + BigInt(micros);
}
