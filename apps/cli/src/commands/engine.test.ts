import { readdirSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "@medallion/engine";
import { testEngines } from "@medallion/engine/testing";
import { expect, it } from "vitest";
import { testEngineUrls, workplace, workplaceWithLake } from "../testing/medallion.ts";

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

const RECORDS = 30_000;

/** The names of all files below a folder, which others write to meanwhile. */
function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

// DuckDB's statements end with the process: `command.test.ts` interrupts those.
it.each(testEngineUrls.filter(({ name }) => name === "spark"))(
  "Ctrl-C in the middle of a statement of $name ends a run with 130, stops the statement, and leaves the work to the next run",
  async ({ url }) => {
    const place = await workplaceWithLake();
    const lines = Array.from({ length: RECORDS }, (_, index) =>
      JSON.stringify({
        task_id: `t-${index}`,
        status: "completed",
        timestamp: "2025-11-27T10:00:00Z",
        note: "x".repeat(300),
      }),
    );
    await writeFile(join(place.folder, "in.jsonl"), lines.join("\n"));
    await place.json(["ingest", "tasks", "in.jsonl"]);
    const temporary = join(place.folder, "lake/_medallion/tmp");
    // A task of Spark has opened the file that it writes, and has not closed it.
    const when = () => filesBelow(temporary).some((file) => /\/_temporary\/.*\/part-[^/]+$/.test(file));
    const stopped = await place.spawned(["run", "--engine", url], "", { signal: "SIGINT", when });
    expect(stopped).toEqual({
      code: 130,
      stdout: "",
      stderr: "medallion: Interrupted. Nothing was committed; the next run does the work again.\n",
    });
    const spark = testEngines.find(({ name }) => name === "spark");
    const engine = await spark?.open({ timeZone: "UTC", folder: place.folder });
    const written = () => filesBelow(temporary).filter((file) => file.includes("/part-"));
    try {
      // A task that was about to begin opens its file before it sees that it is to end, and then takes it away again.
      await expect.poll(written, { timeout: 120_000 }).toEqual([]);
      // Spark gives its cores to older jobs first: one that goes on writes before these tasks begin.
      const tasks = sql`SELECT count(*) AS n FROM (SELECT /*+ REPARTITION(8) */ id FROM range(0, 1000, 1, 8))`;
      expect(await engine?.rows(tasks)).toEqual([{ n: 1000 }]);
    } finally {
      await engine?.close();
    }
    expect(written()).toEqual([]);
    expect(await readdir(join(place.folder, "lake/_medallion/commits"))).toEqual([]);
    expect(filesBelow(join(place.folder, "lake/silver"))).toEqual([]);
    expect(await place.json(["run", "--engine", url])).toMatchObject({ read: RECORDS, accepted: RECORDS });
    expect(await place.json(["verify"])).toMatchObject({ same: true, differences: [] });
  },
);
