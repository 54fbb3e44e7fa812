import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { argv } from "node:process";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";

/**
 * The pipeline in plain Node: JSON.parse, zod and a Map. It writes no Parquet and no quarantine. Arguments: a folder of
 * bronze files and a folder to write to.
 */
const [bronze = "", output = ""] = argv.slice(2);
const silver = join(output, "silver");
const gold = join(output, "gold");

const text = z.string().nullish();
const instant = z.iso.datetime({ offset: true, local: true });
const task = z.looseObject({
  task_id: z.string().min(1),
  status: z.string().min(1),
  timestamp: instant,
  master: text,
  type: text,
  priority: z.union([z.string(), z.number()]).nullish(),
  title: text,
  description: text,
  created_at: instant.nullish(),
  started_at: instant.nullish(),
  completed_at: instant.nullish(),
  updated_at: instant.nullish(),
  ingested_at: instant,
});

type Task = z.infer<typeof task> & { duration_seconds: number | null };

const isCancelled = ({ status }: Task) => status === "cancelled" || status === "canceled";

async function readTasks(): Promise<Map<string, Task>> {
  const unique = new Map<string, Task>();
  for (const file of await readdir(bronze)) {
    for await (const line of createInterface({ input: createReadStream(join(bronze, file)) })) {
      const record: Record<string, unknown> = JSON.parse(line);
      const { data } = task.safeParse({
        ...record,
        task_id: record.task_id ?? record.id,
        timestamp:
          record.timestamp ?? record.updated_at ?? record.completed_at ?? record.created_at ?? record.ingested_at,
        master: record.master ?? record.assigned_to,
      });
      if (data === undefined) continue;
      const at = Date.parse(data.timestamp);
      unique.set(`${data.task_id} ${at}`, {
        ...data,
        timestamp: new Date(at).toISOString(),
        duration_seconds: durationOf(data.created_at, data.completed_at),
      });
    }
  }
  return unique;
}

function durationOf(from: string | null | undefined, to: string | null | undefined): number | null {
  if (from == null || to == null) return null;
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  return seconds < 0 ? null : seconds;
}

function* silverLines(rows: readonly Task[], processedAt: string): Generator<string> {
  for (const row of rows) {
    const record = {
      ...row,
      is_success: row.status === "completed",
      is_failure: row.status === "failed",
      is_cancelled: isCancelled(row),
      has_error: row.error != null,
      layer: "silver",
      processed_at: processedAt,
    };
    yield `${JSON.stringify(record)}\n`;
  }
}

function outcomeOf(rows: readonly Task[]) {
  const durations = rows.flatMap((row) => row.duration_seconds ?? []);
  const completed = rows.filter((row) => row.status === "completed").length;
  const cancelled = rows.filter(isCancelled).length;
  return {
    total: rows.length,
    completed,
    failed: rows.filter((row) => row.status === "failed").length,
    cancelled,
    completion_rate: rateOf(completed, rows.length),
    success_rate: rateOf(completed, rows.length - cancelled),
    avg_duration_seconds:
      durations.length === 0 ? null : durations.reduce((sum, value) => sum + value, 0) / durations.length,
  };
}

function rateOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((1000 * part) / whole) / 10;
}

function sharesOf(rows: readonly Task[], name: "status" | "priority" | "type") {
  return [...groupBy(rows, (row) => String(row[name] ?? "unknown"))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, group]) => ({ [name]: value, count: group.length }));
}

function groupBy(rows: readonly Task[], keyOf: (row: Task) => string): Map<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function documentOf(day: string, rows: readonly Task[]) {
  const latest = [...new Map(rows.map((row) => [row.task_id, row])).values()];
  const durations = latest.flatMap((row) => row.duration_seconds ?? []).sort((a, b) => a - b);
  const percentile = (part: number) => durations[Math.floor((durations.length - 1) * part)] ?? null;
  return {
    date: day,
    layer: "gold",
    summary: outcomeOf(latest),
    by_master: [...groupBy(latest, (row) => row.master ?? "unassigned")].map(([master, group]) => ({
      master,
      ...outcomeOf(group),
    })),
    by_status: sharesOf(latest, "status"),
    by_priority: sharesOf(latest, "priority"),
    by_type: sharesOf(latest, "type"),
    performance: {
      p50_duration: percentile(0.5),
      p95_duration: percentile(0.95),
      p99_duration: percentile(0.99),
      buckets: {
        fast: durations.filter((value) => value < 30).length,
        normal: durations.filter((value) => value >= 30 && value <= 60).length,
        slow: durations.filter((value) => value > 60).length,
      },
    },
  };
}

await Promise.all([silver, gold].map((folder) => mkdir(folder, { recursive: true })));
const processedAt = new Date().toISOString();
const tasks = await readTasks();
for (const [day, rows] of groupBy([...tasks.values()], (row) => row.timestamp.slice(0, 10).replaceAll("-", ""))) {
  rows.sort((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
  const lines = Readable.from(silverLines(rows, processedAt));
  await pipeline(lines, createWriteStream(join(silver, `${day}.jsonl`)));
  await writeFile(join(gold, `daily-${day}.json`), `${JSON.stringify(documentOf(day, rows))}\n`);
}
