import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alike, documentOf, workplaceWithLake } from "../testing/medallion.ts";

const OLD = "20251101";

/** Every file of the lake, with its content. */
async function treeOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(join(folder, "lake"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.sort().map(async (file) => [file, await readFile(file, "base64")] as const)),
  );
}

const pathsOf = async (folder: string, below: string) =>
  (await readdir(join(folder, "lake", below), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();

/** A lake with tasks of an old day, and one that cannot be read, ingested on that day. */
const oldLake = alike(async ({ folder, json }) => {
  const tasks = [1, 2, 3].map((id) => ({
    task_id: `t-${id}`,
    status: id === 3 ? "failed" : "completed",
    created_at: "2025-11-01T10:00:00Z",
    completed_at: `2025-11-01T10:0${id}:00Z`,
    timestamp: "2025-11-01T11:00:00Z",
  }));
  const lines = [...tasks.map((task) => JSON.stringify(task)), '{"status":"no id"}'].join("\n");
  await json(["ingest", "tasks", "-"], lines);
  const bronze = join(folder, "lake/bronze/raw-tasks");
  const [name = ""] = await readdir(bronze);
  const text = await readFile(join(bronze, name), "utf8");
  await writeFile(join(bronze, name), text.replaceAll(/"ingested_at":"[0-9-]{10}T/g, '"ingested_at":"2025-11-01T'));
  await rename(join(bronze, name), join(bronze, `${OLD}.jsonl`));
  await json(["run"]);
});

test("retention shows what would go and changes nothing; --apply removes it as one commit", async () => {
  const { folder, json, medallion } = await oldLake();
  const before = await treeOf(folder);
  const plan = await json(["retention"]);
  expect(plan).toMatchObject({ applied: false, commit: null, removed: { files: 4, partitions: 1 } });
  const shown = await medallion(["retention"]);
  expect(shown.stdout).toMatch(/^Would remove 4 files of [0-9,]+ bytes\. Nothing was changed/);
  expect(shown.stdout).toMatch(/^ {2}tasks +silver +1 +2 +[0-9,]+ +20251101 +20251101$/m);
  expect(await treeOf(folder)).toEqual(before);
  const summary = async () =>
    documentOf(await readFile(join(folder, "lake/gold/analytics/daily-20251101.json"), "utf8")).summary;
  const numbers = await summary();
  expect(numbers).toMatchObject({ total_tasks: 3, completed_tasks: 2 });
  expect(await json(["retention", "--apply"])).toMatchObject({ applied: true, commit: 2, removed: { files: 4 } });
  expect(await pathsOf(folder, "bronze")).toEqual([]);
  expect(await pathsOf(folder, "silver")).toEqual([`${OLD}.json`]);
  expect(await pathsOf(folder, "silver/profiles/tasks")).toEqual([`${OLD}.json`]);
  expect(await summary()).toEqual(numbers);
  expect(await pathsOf(folder, "gold/retired-tasks")).toEqual([`${OLD}.parquet`]);
  expect(await json(["retention", "--apply"])).toMatchObject({ commit: null, removed: { files: 0 } });
});

test("after retention a run finds nothing new, a rebuild keeps numbers and counts, and late records are set aside", async () => {
  const { folder, json } = await oldLake();
  const countsOf = async () => {
    const { partitions } = await json(["status"]);
    if (!Array.isArray(partitions)) throw new TypeError("no partitions");
    return partitions.map((partition: object) => Object.entries(partition).filter(([key]) => key !== "retired"));
  };
  const counts = await countsOf();
  await json(["retention", "--apply"]);
  expect(await countsOf()).toEqual(counts);
  expect(await json(["run"])).toMatchObject({ status: "nothing to do" });
  await json(["run", "--rebuild"]);
  expect(await countsOf()).toEqual(counts);
  const late = { task_id: "t-9", status: "completed", timestamp: "2025-11-01T12:00:00Z" };
  await json(["ingest", "tasks", "-"], JSON.stringify(late));
  const setAside = { partitions: [{ day: OLD, reasons: ["retired"], records: 1 }] };
  expect(await json(["plan"])).toMatchObject({ datasets: [setAside, {}, {}, {}], gold: [] });
  expect(await json(["run"])).toMatchObject({ status: "done", accepted: 0, quarantined: 1 });
  expect(await pathsOf(folder, "silver/quarantine")).toHaveLength(1);
  expect(await pathsOf(folder, "gold/analytics")).toEqual(["daily-20251101.json"]);
});

test("verify finds nothing wrong after silver was retired, also with records that were set aside for another reason", async () => {
  const { json } = await workplaceWithLake();
  const timestamp = "2025-11-01T11:00:00Z";
  const lines = [
    { task_id: "t-1", status: "completed", timestamp },
    { task_id: "t-2", timestamp },
  ];
  await json(["ingest", "tasks", "-"], lines.map((line) => JSON.stringify(line)).join("\n"));
  await json(["run"]);
  await json(["retention", "--apply"]);
  expect(await json(["verify"])).toMatchObject({ same: true, differences: [] });
});

test("every data set is retired, also where two share a folder of bronze", async () => {
  const { folder, json } = await workplaceWithLake();
  const timestamp = "2025-11-01T11:00:00Z";
  const events = JSON.stringify({ event_id: "e", timestamp });
  await json(["ingest", "events", "--type", "heartbeat", "--data", events]);
  await json([
    "ingest",
    "events",
    "--type",
    "lineage",
    "--data",
    JSON.stringify({ task_id: "t", event_type: "x", timestamp }),
  ]);
  const metric = JSON.stringify({ metric_name: "m", metric_value: 1, timestamp });
  await json(["ingest", "metrics", "--master", "a", "--data", metric]);
  for (const part of ["events", "raw-metrics"]) {
    const bronze = join(folder, "lake/bronze", part);
    for (const name of await readdir(bronze)) {
      await rename(join(bronze, name), join(bronze, name.replace(/[0-9]{8}/, OLD)));
    }
  }
  await json(["run"]);
  expect(await pathsOf(folder, "silver/aggregated-metrics")).toEqual([`a-${OLD}.json`]);
  const { items } = await json(["retention", "--apply"]);
  if (!Array.isArray(items)) throw new TypeError("no items");
  expect(items.map(({ dataset, layer, files, kept }) => [dataset, layer, files.length, kept])).toEqual([
    ["lineage", "bronze", 1, null],
    ["lineage", "silver", 2, null],
    ["events", "bronze", 1, null],
    ["events", "silver", 2, null],
    ["metrics", "bronze", 1, null],
    ["metrics", "silver", 3, null],
  ]);
  expect(await pathsOf(folder, "bronze")).toEqual([]);
  expect(await pathsOf(folder, "silver")).toEqual(await pathsOf(folder, "silver/profiles"));
  expect(await json(["run"])).toMatchObject({ status: "nothing to do" });
  expect(await json(["plan"])).toMatchObject({ gold: [] });
});

test("the configuration says how long; what no run has read stays", async () => {
  const { folder, json, medallion } = await oldLake();
  await writeFile(join(folder, "medallion.config.json"), '{ "retention": { "bronze": "never", "silver": "never" } }');
  expect(await json(["retention"])).toMatchObject({ removed: { files: 0, partitions: 0 } });
  await writeFile(join(folder, "medallion.config.json"), "{}");
  const file = join(folder, `lake/bronze/raw-tasks/${OLD}.jsonl`);
  await writeFile(file, `${await readFile(file, "utf8")}{"task_id":"t-4"}\n`);
  const { stdout } = await medallion(["retention"]);
  expect(stdout).toContain(
    "Kept, though old enough to go:\n  tasks, 1 bronze file: no run has read all of it (next: medallion run)\n",
  );
});
