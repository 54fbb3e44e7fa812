import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { linesIn, workplaceWithLake } from "../testing/medallion.ts";

const records = [
  '{"task_id":"odd","status":"odd","timestamp":"2025-11-27T10:00:00Z"}',
  '{"task_id":"good","status":"completed","timestamp":"2025-11-27T10:00:00Z"}',
  '{"tasks":[{"task_id":"x","status":"queued"},{"task_id":"y","status":"queued"}]}',
  '{"taskId":"q","status":"queued"}',
];

async function withSeverity(severity: string | null, folder: string): Promise<void> {
  const rules = severity === null ? {} : { rules: { tasks: { "status.expected": severity } } };
  await writeFile(join(folder, "medallion.config.json"), JSON.stringify({ lake: "lake", ...rules }));
}

it("promotes what passes after a rule was mended, once, and marks it", async () => {
  const place = await workplaceWithLake();
  await withSeverity("quarantine", place.folder);
  await place.json(["ingest", "tasks", "-"], records.join("\n"));
  await place.json(["run"]);
  expect(await place.json(["quarantine", "list"])).toMatchObject({
    records: 3,
    groups: [
      { dataset: "tasks", rule: "status.expected", records: 1, replayed: 0 },
      { dataset: "tasks", rule: "task_id.required", records: 2, replayed: 0 },
    ],
  });
  expect(await place.json(["quarantine", "replay"])).toMatchObject({ replayed: 0, still_set_aside: 3 });

  await withSeverity(null, place.folder);
  expect(await place.json(["quarantine", "replay"])).toMatchObject({ replayed: 1, still_set_aside: 2 });
  const silver = await linesIn(join(place.folder, "lake/silver/processed-tasks"));
  expect(silver.map((row) => row.task_id).sort()).toEqual(["good", "odd"]);
  const aside = await linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
  expect(aside.map((row) => [row.rule, "replayed_at" in row])).toEqual([
    ["status.expected", true],
    ["task_id.required", false],
    ["task_id.required", false],
  ]);
  expect(await place.json(["quarantine", "replay"])).toMatchObject({ status: "nothing to do", replayed: 0 });
  await place.json(["run", "--rebuild"]);
  expect(await linesIn(join(place.folder, "lake/silver/quarantine/tasks"))).toEqual(aside);
}, 60_000);

it("shows the text and says what could be done", async () => {
  const place = await workplaceWithLake();
  await place.json(["ingest", "tasks", "-"], records.join("\n"));
  await place.json(["run"]);
  const { stdout } = await place.medallion(["quarantine", "show", "tasks", "--rule", "task_id.required"]);
  expect(stdout).toContain('the record has "tasks" with 2 members: ingest with --records tasks');
  expect(stdout).toContain('the record has "taskId"');
  expect(stdout).toContain(records[3]);
}, 60_000);

it("ends the run with 1 and commits nothing when a rule of severity fail is broken", async () => {
  const place = await workplaceWithLake();
  await withSeverity("fail", place.folder);
  await place.json(["ingest", "tasks", "-"], records.join("\n"));
  const failed = await place.medallion(["run"]);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain("status.expected (1 of");
  expect(await place.json(["status"])).toMatchObject({ commits: 0, partitions: [] });
  await withSeverity("warn", place.folder);
  expect(await place.json(["run"])).toMatchObject({ accepted: 2, quarantined: 2 });
  const [row] = await linesIn(join(place.folder, "lake/silver/quarantine/tasks"));
  expect(row).toMatchObject({ rule: "task_id.required" });
}, 60_000);
