import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dayOfInstant } from "../plan/pending-days.ts";
import { workplace, workplaceWithLake } from "../testing/medallion.ts";

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, "lake"), { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name)).sort();
}

const task = (id: number, timestamp: unknown) => JSON.stringify({ task_id: `t-${id}`, status: "completed", timestamp });

test("a plan names the partitions that the run then writes, with their records, and changes nothing", async () => {
  const { folder, json, medallion } = await workplace();
  await json(["init", "--timezone", "Europe/Berlin"]);
  const times = [
    "2025-11-01T23:30:00Z",
    "2025-11-02T00:30:00",
    "2025-11-02T00:30:00+0230",
    "soon",
    null,
    7,
    "2025-02-30T00:00:00Z",
  ];
  const lines = [...times.map((time, index) => task(index, time)), "no json", '{"task_id":"x","layer":"y"}'];
  await json(["ingest", "tasks", "-"], lines.join("\n"));
  const before = await namesIn(folder);
  const planned = await json(["plan"]);
  expect(await namesIn(folder)).toEqual(before);
  expect(planned).toMatchObject({
    datasets: [
      {
        dataset: "tasks",
        reason: "new bronze",
        files: [{ from: 0 }],
        partitions: expect.arrayContaining([{ day: "20251102", reasons: ["new data"], records: 2 }]),
      },
      { dataset: "lineage", reason: "nothing new", partitions: [] },
      { dataset: "events" },
      { dataset: "metrics" },
    ],
    gold: expect.arrayContaining([{ path: "gold/analytics/daily-20251101.json", reason: "missing" }]),
  });
  const { stdout } = await medallion(["plan"]);
  expect(stdout).toMatch(/^ {2}20251102 +2 +new data$/m);
  await json(["run"]);
  const log = JSON.parse(await readFile(join(folder, "lake/_medallion/commits/00000000000000000001.json"), "utf8"));
  const done = log.partitions.map(({ day, read }: { day: string; read: number }) => ({
    day,
    reasons: ["new data"],
    records: read,
  }));
  expect(planned).toMatchObject({ datasets: [{ partitions: done }, {}, {}, {}] });
  expect(await medallion(["plan"])).toMatchObject({ stdout: "A run would do nothing: bronze holds nothing new.\n" });
});

test("late data, changed rules, data asked for and missing gold are told apart", async () => {
  const { folder, json } = await workplaceWithLake();
  const day = (number: number) => `2025-11-0${number}T10:00:00Z`;
  await json(["ingest", "tasks", "-"], [task(1, day(1)), task(2, day(2))].join("\n"));
  await json(["run"]);
  await json(["ingest", "tasks", "-"], [task(3, day(2)), task(4, day(3))].join("\n"));
  const tasksOf = async (...args: string[]) => {
    const { datasets, gold } = await json(["plan", ...args]);
    return { tasks: Array.isArray(datasets) ? datasets[0] : null, gold };
  };
  expect(await tasksOf()).toMatchObject({
    tasks: {
      reason: "new bronze",
      partitions: [
        { day: "20251102", reasons: ["late data"], records: 1 },
        { day: "20251103", reasons: ["new data"], records: 1 },
      ],
    },
    gold: [
      { path: "gold/analytics/daily-20251102.json", reason: "its silver changes" },
      { path: "gold/analytics/daily-20251103.json", reason: "missing" },
    ],
  });
  expect(await tasksOf("--rebuild")).toMatchObject({
    tasks: {
      reason: "asked for",
      partitions: [
        { day: "20251101", reasons: ["asked for"], records: 0 },
        { day: "20251102", reasons: ["asked for", "late data"], records: 1 },
        { day: "20251103", reasons: ["new data"], records: 1 },
      ],
    },
  });
  const rules = { tasks: { "status.expected": "quarantine" } };
  await writeFile(join(folder, "medallion.config.json"), JSON.stringify({ rules }));
  expect(await tasksOf()).toMatchObject({
    tasks: {
      reason: "changed rules",
      partitions: [
        { day: "20251101", reasons: ["changed rules"], records: 0 },
        { day: "20251102", reasons: ["changed rules", "late data"], records: 1 },
        { day: "20251103", reasons: ["new data"], records: 1 },
      ],
    },
  });
});

test.each([
  ["2025-11-27T23:30:00Z", "20251128"],
  ["2025-11-27T23:30:00", "20251127"],
  ["2025-11-27T23:30:00.5+02", "20251127"],
  ["2025-11-28T00:30:00-0030", "20251128"],
  ["0001-01-01T00:00:00Z", "00010101"],
  ["9999-12-31T23:30:00Z", null],
  ["2025-02-30T10:00:00Z", null],
  ["soon", null],
])("the day of %s in Berlin is %s", (text, day) => {
  expect(dayOfInstant(text, "Europe/Berlin")).toBe(day);
});
