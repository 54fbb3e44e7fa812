import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { linesIn, sharedFolder, testEngineUrls, type Workplace, workplaceWithLake } from "./testing/medallion.ts";

const cortex = join(sharedFolder, "cortex");

const numbers = z.object({
  total: z.number(),
  completed: z.number(),
  failed: z.number(),
  cancelled: z.number(),
  completion_rate: z.number().nullable(),
  success_rate: z.number().nullable(),
  avg_duration_seconds: z.number().nullable(),
});
const expectedSchema = z.object({
  records_read: z.number(),
  rejected_by_reason: z.record(z.string(), z.number()),
  duplicates: z.number(),
  rows_by_day: z.record(z.string(), z.number()),
  days: z.record(
    z.string(),
    z.object({
      summary: numbers.extend({
        min_duration_seconds: z.number().nullable(),
        max_duration_seconds: z.number().nullable(),
        p50_duration: z.number().nullable(),
        p95_duration: z.number().nullable(),
        p99_duration: z.number().nullable(),
        buckets: z.record(z.string(), z.number()),
      }),
      by_master: z.array(numbers.extend({ master: z.string() })),
      by_status: z.array(z.object({ status: z.string(), count: z.number(), percentage: z.number() })),
    }),
  ),
});

/** Half up, as gold rounds; the expected values are far from any tie. */
function rounded(value: number | null, decimals: number): number | null {
  return value === null ? null : Number(value.toFixed(decimals));
}

function groupOf(group: z.infer<typeof numbers>) {
  const { total, completed, failed, cancelled } = group;
  return {
    total,
    completed,
    failed,
    cancelled,
    completion_rate: rounded(group.completion_rate, 1),
    success_rate: rounded(group.success_rate, 1),
    avg_duration_seconds: rounded(group.avg_duration_seconds, 3),
  };
}

const totalsSchema = z.object({
  read: z.number(),
  accepted: z.number(),
  duplicates: z.number(),
  quarantined: z.number(),
  superseded: z.number(),
});

async function checkLake({ folder }: Workplace): Promise<void> {
  const expected = expectedSchema.parse(JSON.parse(await readFile(join(cortex, "expected-daily.json"), "utf8")));
  for (const [day, wanted] of Object.entries(expected.days)) {
    const document: unknown = JSON.parse(await readFile(join(folder, `lake/gold/analytics/daily-${day}.json`), "utf8"));
    const { summary } = wanted;
    const { total, completed, failed, cancelled, ...rates } = groupOf(summary);
    expect(document, day).toMatchObject({
      date: day,
      summary: {
        total_tasks: total,
        completed_tasks: completed,
        failed_tasks: failed,
        cancelled_tasks: cancelled,
        ...rates,
        min_duration_seconds: rounded(summary.min_duration_seconds, 3),
        max_duration_seconds: rounded(summary.max_duration_seconds, 3),
      },
      by_master: wanted.by_master.map((group) => ({ master: group.master, ...groupOf(group) })),
      by_status: wanted.by_status.map((share) => ({ ...share, percentage: rounded(share.percentage, 1) })),
      performance: {
        p50_duration: rounded(summary.p50_duration, 3),
        p95_duration: rounded(summary.p95_duration, 3),
        p99_duration: rounded(summary.p99_duration, 3),
        buckets: summary.buckets,
      },
      quality: { rows: expected.rows_by_day[day] },
    });
  }
  const rules = (await linesIn(join(folder, "lake/silver/quarantine/tasks"))).map((line) => line.rule);
  const count = (rule: string) => rules.filter((found) => found === rule).length;
  const reasons = expected.rejected_by_reason;
  expect({
    id_missing_or_null: count("task_id.required"),
    not_json: count("record.json"),
    status_missing_or_null: count("status.required"),
    timestamp_invalid: count("timestamp.valid"),
    timestamp_missing_or_null: reasons.timestamp_missing_or_null,
  }).toEqual(reasons);
}

describe.skipIf(!existsSync(cortex))("the real tasks of ../shared/cortex", () => {
  it.each(testEngineUrls)("give the expected numbers of every day in one run on $name", async ({ url }) => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", join(cortex, "tasks.jsonl")]);
    const totals = totalsSchema.parse(await place.json(["run", "--engine", url]));
    expect(totals).toEqual({ read: 239, accepted: 200, duplicates: 34, quarantined: 5, superseded: 0 });
    await checkLake(place);
  });

  it("give the same numbers in ten pieces with a run after each", async () => {
    const place = await workplaceWithLake();
    const lines = (await readFile(join(cortex, "tasks.jsonl"), "utf8")).split("\n").filter(Boolean);
    const sum = { read: 0, accepted: 0, duplicates: 0, quarantined: 0, superseded: 0 };
    for (let piece = 0; piece < 10; piece += 1) {
      const part = lines.slice(Math.round((piece * lines.length) / 10), Math.round(((piece + 1) * lines.length) / 10));
      await place.json(["ingest", "tasks", "-"], `${part.join("\n")}\n`);
      const totals = totalsSchema.parse(await place.json(["run"]));
      for (const name of ["read", "accepted", "duplicates", "quarantined", "superseded"] as const)
        sum[name] += totals[name];
    }
    expect(sum).toMatchObject({ read: 239, quarantined: 5 });
    expect(sum.duplicates + sum.superseded).toBe(34);
    expect(sum.accepted - sum.superseded).toBe(200);
    await checkLake(place);
  }, 120_000);

  it("lose nothing of a folder tree of pretty-printed files, one of them not JSON", async () => {
    const place = await workplaceWithLake();
    const ingested = await place.json(["ingest", "tasks", join(cortex, "coordination/tasks")]);
    const run = totalsSchema.parse(await place.json(["run"]));
    expect(run.read).toBe(ingested.records);
    const silver = await linesIn(join(place.folder, "lake/silver/processed-tasks"));
    const quarantine = await linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
    const files = z.array(z.object({ path: z.string(), records: z.number() })).parse(ingested.files);
    const found = new Set([...silver, ...quarantine].map((line) => line.source_file));
    for (const { path, records } of files) if (records > 0) expect(found, path).toContain(path);
    expect(silver.length + quarantine.length + run.duplicates).toBe(run.read);
    const raw = quarantine.filter((line) => String(line.source_file).includes("moe-system-improvements"));
    const source = await readFile(join(cortex, "coordination/tasks/moe-system-improvements-2025-11-09.json"), "utf8");
    const bare = (text: string) => text.replaceAll(/\s/g, "");
    expect(bare(raw.map((line) => String(line.raw)).join(""))).toBe(bare(source));
    expect(raw.every((line) => typeof line.reason === "string" && line.reason !== "")).toBe(true);
  });

  it("take the tasks out of the queues with --records, the one nested two deep included", async () => {
    const place = await workplaceWithLake();
    for (const name of ["task-queue.json.backup", "task-queue-backup-20251115-084619.json"]) {
      await place.json(["ingest", "tasks", join(cortex, "coordination", name), "--records", "tasks"]);
    }
    const run = totalsSchema.parse(await place.json(["run"]));
    expect(run.read).toBeGreaterThan(100);
    expect(run.accepted + run.duplicates + run.quarantined).toBe(run.read);
  });
});
