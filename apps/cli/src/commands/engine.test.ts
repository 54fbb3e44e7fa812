import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { testEngineUrls, workplace } from "../testing/medallion.ts";

it.each(testEngineUrls)("what --engine $name makes follows from bronze, as DuckDB verifies", async ({ url }) => {
  const place = await workplace();
  const on = (...words: string[]) => place.json([...words, "--engine", url]);
  await place.json(["init"]);
  const task = (id: string, status: string, hour: number) =>
    JSON.stringify({
      task_id: id,
      status,
      timestamp: `2025-11-27T${hour}:00:00Z`,
      assigned_to: "m",
      duration_ms: 1234,
    });
  const first = [
    task("a", "queued", 10),
    task("b", "completed", 11),
    task("a", "completed", 12),
    task("b", "completed", 11),
  ];
  await place.json(["ingest", "tasks", "-"], `${first.join("\n")}\n{ broken`);
  const metric = { metric_name: "n", value: 1.1, timestamp: "2025-11-27T10:00:00Z" };
  await place.json(["ingest", "metrics", "--master", "m", "--data", JSON.stringify(metric)]);
  expect(await on("run")).toMatchObject({ read: 6, quarantined: 1 });
  await on("analytics", "weekly", "20251127");
  await on("kpis", "20251126", "20251127");
  await on("report", "unassigned", "20251127");
  await place.json(["ingest", "tasks", "--data", task("b", "failed", 13)]);
  expect(await on("promote", "tasks")).toMatchObject({ read: 1 });
  expect(await on("quarantine", "replay", "tasks")).toMatchObject({ still_set_aside: 1 });
  await on("run", "20251127");
  expect(await place.json(["verify"])).toMatchObject({ same: true, differences: [] });
  const daily = await readFile(join(place.folder, "lake/gold/analytics/daily-20251127.json"), "utf8");
  expect(JSON.parse(daily)).toMatchObject({ summary: { total_tasks: 2, completed_tasks: 1, failed_tasks: 1 } });
});
