import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { explainAll } from "../testing/explain-all.ts";
import { alike, documentOf } from "../testing/medallion.ts";

const rowsSchema = z.array(
  z.object({
    task_id: z.string().nullable(),
    part: z.string(),
    outcome: z.string(),
    bronze: z.object({ file: z.string(), line: z.number() }),
  }),
);

/** A task of 27 November, made at nine and done after some seconds. */
function task(id: string, status: string, seconds: number | null, more: object = {}): string {
  const created = { task_id: id, status, timestamp: "2025-11-27T10:00:00Z", created_at: "2025-11-27T09:00:00Z" };
  const done = seconds === null ? {} : { completed_at: new Date(Date.UTC(2025, 10, 27, 9, 0, seconds)).toISOString() };
  return JSON.stringify({ ...created, ...done, ...more });
}

const FIRST = [
  task("fast", "completed", 12.345, { master: "m", priority: "high" }),
  task("normal", "completed", 30, { master: "a].b[master=m" }),
  task("slow", "failed", 61, { master: "__proto__", type: "a.b" }),
  task("gone", "cancelled", null, { priority: 1 }),
  task("gone", "cancelled", null, { priority: 1 }),
  task("later", "queued", null),
  task("back", "completed", -5),
  task("odd", "sleeping", null),
  '{"status":"completed","timestamp":"2025-11-27T10:00:00Z"}',
  "{ no JSON",
  task("never", "completed", null, { timestamp: "2025-02-30T10:00:00Z" }),
];
const SECOND = [
  task("slow", "failed", 70, { master: "m" }),
  task("later", "completed", 59, { timestamp: "2025-11-27T11:00:00Z" }),
  task("late", "failed", 5, { timestamp: "2025-11-26T10:00:00Z" }),
  task("fast", "completed", 3, { master: "m", ingested_at: "2025-11-27T10:00:00Z" }),
  task("gone", "canceled", null),
];

/** A lake of two runs, with duplicates, superseded rows, records set aside and late data. */
const sample = alike(async (place) => {
  for (const lines of [FIRST, SECOND]) {
    await place.json(["ingest", "tasks", "-"], `${lines.join("\n")}\n`);
    await place.json(["run"]);
  }
});

/** Every file of a lake, with its size and the time of its last change. */
async function filesOf(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(file);
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}

it("lists for every number the lines that give it, and changes nothing", { timeout: 120_000 }, async () => {
  const place = await sample();
  const before = await filesOf(join(place.folder, "lake"));
  const explained = await explainAll(place);
  expect(explained).toEqual(
    expect.arrayContaining([
      "20251126 summary.failed_tasks",
      "20251127 summary.success_rate",
      "20251127 by_master[a].b[master=m].completed",
      "20251127 by_status[canceled].count",
      "20251127 performance.p95_duration",
      "20251127 performance.buckets.slow",
      "20251127 quality.superseded",
      "20251127 quality.duplicates",
      "20251127 quality.rejects.task_id.required",
      "20251127 quality.warnings.duration_seconds.negative",
      "20251127 quality.warnings.status.expected",
    ]),
  );
  expect(await filesOf(join(place.folder, "lake"))).toEqual(before);
  expect((await readdir(join(place.folder, "lake/_medallion/tmp"))).length).toBe(0);
});

it("prints the number, how it comes about, and the rows with their lines", { timeout: 60_000 }, async () => {
  const place = await sample();
  const document = await place.json(["explain", "daily", "2025-11-27", "by_master[master=m].completion_rate"]);
  const [bronze = ""] = await readdir(join(place.folder, "lake/bronze/raw-tasks"));
  const file = `bronze/raw-tasks/${bronze}`;
  expect(document).toMatchObject({
    document: "gold/analytics/daily-20251127.json",
    path: "by_master[m].completion_rate",
    value: 50,
  });
  expect(rowsSchema.parse(document.rows)).toEqual([
    { task_id: "fast", part: "numerator", outcome: "row", bronze: { file, line: 15 } },
    { task_id: "slow", part: "denominator", outcome: "row", bronze: { file, line: 12 } },
    { task_id: "fast", part: "denominator", outcome: "row", bronze: { file, line: 15 } },
  ]);
  const { stdout } = await place.medallion(["explain", "daily", "20251127", "quality.superseded", "--limit", "1"]);
  expect(stdout).toContain("quality.superseded of gold/analytics/daily-20251127.json is 3.\nHow: rows of silver that");
  expect(stdout).toContain("3 rows; the first 1 (--limit shows more, --json all).");
  expect(stdout).toMatch(
    new RegExp(`counted +fast +completed +superseded +2025-11-27T10:00:00.000000Z +${file}:1$`, "m"),
  );
  const list = await place.medallion(["explain", "daily", "20251127"]);
  expect(list.stdout).toMatch(/^quality\.rejects\.task_id\.required +1$/m);
});

it("says what there is where a path or a document is not", { timeout: 60_000 }, async () => {
  const place = await sample();
  const path = await place.medallion(["explain", "daily", "20251127", "summary.failed"]);
  expect(path).toMatchObject({ code: 2, stdout: "" });
  expect(path.stderr).toContain('found "summary.failed". The nearest is summary.failed_tasks;');
  const day = await place.medallion(["explain", "daily", "20251201", "summary.failed_tasks"]);
  expect(day).toMatchObject({ code: 2, stdout: "" });
  expect(day.stderr).toContain("Expected gold/analytics/daily-20251201.json, found no such document");
  expect((await place.medallion(["explain", "hourly", "20251127"])).code).toBe(2);
});

it("explains a document that is older than silver as it was made", { timeout: 120_000 }, async () => {
  const place = await sample();
  await place.json(["ingest", "tasks", "-"], `${task("new", "completed", 1)}\n`);
  await place.json(["promote", "tasks"]);
  const document = await place.json(["explain", "daily", "20251127", "quality.read"]);
  expect(document).toMatchObject({ value: 13 });
  await place.json(["run"]);
  expect(await place.json(["explain", "daily", "20251127", "quality.read"])).toMatchObject({ value: 14 });
});

it("explains a day whose silver is retired, and says so when its bronze is", { timeout: 120_000 }, async () => {
  const place = await sample();
  await writeFile(join(place.folder, "medallion.config.json"), '{"retention":{"bronze":"never","silver":1}}');
  await place.json(["retention", "--apply"]);
  expect(await readdir(join(place.folder, "lake/silver/processed-tasks"))).not.toContain("20251127.parquet");
  expect(await place.json(["explain", "daily", "20251127", "summary.failed_tasks"])).toMatchObject({ value: 1 });
  const bronze = join(place.folder, "lake/bronze/raw-tasks");
  const [name = ""] = await readdir(bronze);
  await mkdir(join(place.folder, "away"));
  const text = await readFile(join(bronze, name), "utf8");
  await writeFile(join(bronze, name), text.replace("fast", "FAST"));
  const changed = await place.medallion(["explain", "daily", "20251127", "summary.failed_tasks", "--json"]);
  expect(changed.code).toBe(1);
  expect(documentOf(changed.stdout)).toMatchObject({ error: { code: "NOT_EXPLAINABLE" } });
  await rm(join(bronze, name));
  const gone = await place.medallion(["explain", "daily", "20251127", "summary.failed_tasks"]);
  expect(gone).toMatchObject({ code: 1, stdout: "" });
  expect(gone.stderr).toContain(`This cannot be explained any more: bronze/raw-tasks/${name} is gone`);
});

it("says so when the rules are not those of the runs", { timeout: 60_000 }, async () => {
  const place = await sample();
  const rules = '{"rules":{"tasks":{"status.expected":"quarantine"}}}';
  await writeFile(join(place.folder, "medallion.config.json"), rules);
  const { code, stderr } = await place.medallion(["explain", "daily", "20251127", "summary.total_tasks"]);
  expect(code).toBe(1);
  expect(stderr).toContain("were judged in commit 1 by rules (version");
});
