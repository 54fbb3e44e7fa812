import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bronzeLines, temporaryFolder } from "../lakes.ts";
import { succeed } from "../medallion.ts";

const taskLine = (id: string, timestamp: string) => JSON.stringify({ task_id: id, status: "completed", timestamp });

async function newLake(timeZone: string): Promise<string> {
  const lake = join(await temporaryFolder(), "lake");
  await succeed(lake, ["init", "--timezone", timeZone]);
  return lake;
}

async function totalsOf(lake: string): Promise<Record<string, number>> {
  const totals: Record<string, number> = {};
  const names = (await readdir(join(lake, "gold/analytics"))).filter((name) => name.endsWith(".json"));
  for (const name of names.sort()) {
    const document: { date: string; summary: { total_tasks: number } } = JSON.parse(
      await readFile(join(lake, "gold/analytics", name), "utf8"),
    );
    if (document.summary.total_tasks > 0) totals[document.date] = document.summary.total_tasks;
  }
  return totals;
}

it("days have 23 and 25 hours where the clock is changed, and years are 0001 to 9999", async () => {
  const lake = await newLake("Europe/Berlin");
  const hour = 3_600_000;
  const hoursFrom = (start: number, count: number, name: string) =>
    Array.from({ length: count }, (_, index) =>
      taskLine(`${name}${index}`, new Date(start + index * hour).toISOString()),
    );
  const lines = [
    ...hoursFrom(Date.UTC(2025, 2, 29, 23), 23, "spring"),
    ...hoursFrom(Date.UTC(2025, 9, 25, 22), 25, "autumn"),
    taskLine("no such hour", "2025-03-30T02:30:00"),
    taskLine("first year", "0001-01-02T00:00:00Z"),
    taskLine("last year", "9999-12-30T23:59:59Z"),
    ...[
      "2016-12-31T23:59:60Z",
      "2025-02-30T00:00:00Z",
      "2025-11-27T24:00:00Z",
      "0000-01-01T00:00:00Z",
      "10000-01-01T00:00:00Z",
    ].map((timestamp, index) => taskLine(`wrong-${index}`, timestamp)),
  ];
  await succeed(lake, ["ingest", "tasks", "-"], { input: lines.join("\n") });
  const run = await succeed(lake, ["run"]);
  expect(run).toMatchObject({ read: lines.length });
  const totals = await totalsOf(lake);
  expect(totals).toMatchObject({ "20251026": 25, "00010102": 1, "99991231": 1 });
  expect(totals["20250330"]).toBeGreaterThanOrEqual(23);
  expect(await succeed(lake, ["quarantine", "list"])).toMatchObject({ records: expect.any(Number) });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});

it("a clock that goes back, or that of another host, loses and doubles nothing", async () => {
  const lake = await newLake("UTC");
  const noon = Date.UTC(2025, 10, 27, 12);
  const clocks = [noon, noon - 86_400_000, noon + 5 * 86_400_000];
  for (const [index, now] of clocks.entries()) {
    const record = taskLine(`clock-${index}`, "2025-11-27T10:00:00Z");
    await succeed(lake, ["ingest", "tasks", "--data", record], { fault: { at: 0, now } });
    await succeed(lake, ["run"], { fault: { at: 0, now: clocks[clocks.length - 1 - index] ?? now } });
  }
  expect(await bronzeLines(lake, "raw-tasks")).toHaveLength(clocks.length);
  expect(await totalsOf(lake)).toEqual({ "20251127": clocks.length });
  expect(await succeed(lake, ["verify"])).toMatchObject({ same: true });
});
