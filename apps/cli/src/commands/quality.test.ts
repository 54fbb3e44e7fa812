import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dataQuality } from "@medallion/schema/gold";
import { describe, expect, it } from "vitest";
import { type Workplace, workplace, workplaceWithLake } from "../testing/medallion.ts";

function task(id: string, day: string, second: number, more: object = {}): string {
  const timestamp = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T10:00:${String(second).padStart(2, "0")}Z`;
  return `${JSON.stringify({ task_id: id, status: "queued", timestamp, master: "m", ...more })}\n`;
}

async function documentOf(place: Workplace, day: string) {
  const text = await readFile(join(place.folder, `lake/gold/quality/quality-${day}.json`), "utf8");
  return dataQuality.parse(JSON.parse(text));
}

describe("medallion quality", { timeout: 240_000 }, () => {
  it("counts what slow arithmetic counts, and finds what agents do wrong", async () => {
    const place = await workplaceWithLake();
    const days = ["20251124", "20251125", "20251126"];
    for (const day of days) {
      await place.json(
        ["ingest", "tasks", "-"],
        task(`${day}a`, day, 1) + task(`${day}b`, day, 2, { master: "quiet" }),
      );
    }
    await place.json(["run"]);
    const day = "20251127";
    const records = [
      task("back", day, 1, { status: "completed", title: "x" }),
      task("back", day, 2),
      task("forth", day, 3),
      task("forth", day, 4, { status: "completed", master: null, assigned_to: "m" }),
      task("forth", day, 4, { status: "completed" }),
      task("", day, 5),
      task("future", "20991231", 6),
    ];
    await place.json(["ingest", "tasks", "-"], records.join(""));
    const event = (task_id: string | null) => `${JSON.stringify({ timestamp: "2025-11-27T12:00:00Z", task_id })}\n`;
    const ids = ["back", "20251124a", "ghost", "ghost", "phantom", null];
    await place.json(["ingest", "events", "-", "--type", "note"], ids.map(event).join(""));
    const run = await place.json(["run"]);
    expect(run.documents).toEqual(expect.arrayContaining([`gold/quality/quality-${day}.json`]));
    const document = await documentOf(place, day);
    expect(document).toMatchObject({
      ...{ complete: true, level: "warn" },
      agents: { backwards: 1, unknown_tasks: 2, clocks_ahead: 0, silent_masters: ["quiet"] },
    });
    const [tasks] = document.datasets;
    expect(tasks).toMatchObject({
      volume: { read: 6, accepted: 4, rows: 4 },
      validity: { valid_rate: 83.33, quarantined: 1, rejects: { "task_id.valid": 1 } },
      uniqueness: { unique_rate: 80, duplicates: 1 },
      freshness: { newest: "2025-11-27T10:00:04.000000Z", age_seconds: 50396, level: "ok" },
    });
    const rateOf = (field: string) => tasks?.completeness.find((item) => item.field === field)?.rate;
    expect([rateOf("title"), rateOf("master"), rateOf("description")]).toEqual([16.67, 100, 0]);
    expect(document.datasets.map(({ dataset }) => dataset)).toEqual(["tasks", "events"]);
    expect((await documentOf(place, "20991231")).agents.clocks_ahead).toBe(1);

    await place.json(["run", "--rebuild"]);
    const same = ({ generated_at: _, ...rest }: typeof document) => rest;
    expect(same(await documentOf(place, day))).toEqual(same(document));
    expect((await documentOf(place, "20251124")).findings).toEqual([]);

    const text = (await place.medallion(["quality", day])).stdout;
    expect(text).toContain("Quality of 20251127: warn.");
    expect(text).toMatch(/tasks +warn +6 +\d+\.\d % +83\.3 % +80\.0 % +13 h/);
    expect(text).toContain('warn: tasks: "quiet" had tasks on every day before and has none');
    expect(await place.medallion(["quality", day, "--fail-on", "error"])).toMatchObject({ code: 0 });
    expect(await place.medallion(["quality", day, "--fail-on", "warn"])).toMatchObject({ code: 1 });
    expect(await place.json(["verify"])).toMatchObject({ differences: [] });
  });

  it("measures age against the limits of the configuration, and flags the unusual", async () => {
    const place = await workplace();
    await writeFile(
      join(place.folder, "medallion.config.json"),
      JSON.stringify({
        freshness: { warn_after: "1h", error_after: "10h", datasets: { events: { error_after: "60000d" } } },
      }),
    );
    await place.json(["init"]);
    const thursdays = ["20251030", "20251106", "20251113", "20251120"];
    const records = thursdays.flatMap((day) =>
      Array.from({ length: 20 }, (_, index) => task(`${day}${index}`, day, index)),
    );
    await place.json(["ingest", "tasks", "-"], [...records, task("only", "20251127", 1)].join(""));
    await place.json(["run"]);
    const document = await documentOf(place, "20251127");
    expect(document.history[0]).toMatchObject({ measure: "volume", value: 1, median: 20, score: null, flagged: true });
    expect(document.findings.map(({ check, level }) => [check, level])).toEqual([
      ["freshness", "error"],
      ["history", "warn"],
    ]);
    const newest = await place.medallion(["quality", "--json", "--fail-on", "error"]);
    expect(newest.code).toBe(1);
    expect(JSON.parse(newest.stdout)).toMatchObject({ date: "20251127", level: "error" });
  });

  it("refuses a day without a document, and says so when one is damaged", async () => {
    const place = await workplaceWithLake();
    expect(await place.medallion(["quality"])).toMatchObject({ code: 2 });
    await place.json(["ingest", "tasks", "-"], task("a", "20251127", 1) + task("b", "00010101", 1));
    await place.json(["run"]);
    expect(await place.medallion(["quality", "00010101"])).toMatchObject({ code: 0 });
    expect(await place.medallion(["quality", "20251126"])).toMatchObject({ code: 2 });
    expect(await place.medallion(["quality", "20251127", "--fail-on", "never"])).toMatchObject({ code: 2 });
    const file = join(place.folder, "lake/gold/quality/quality-20251127.json");
    await rm(file);
    await writeFile(file, "{");
    expect(await place.medallion(["quality", "20251127"])).toMatchObject({ code: 1 });
    const event = '{"timestamp":"2025-11-20T10:00:00Z","event_id":"e"}';
    await place.json(["ingest", "events", "-", "--type", "note"], event);
    await place.json(["promote", "events"]);
    expect(await place.medallion(["quality", "20251120"])).toMatchObject({ code: 2 });
    await place.json(["ingest", "tasks", "-"], task("c", "20251127", 1));
    await place.json(["run"]);
    for (const day of ["20251120", "20251127"])
      expect(await place.medallion(["quality", day])).toMatchObject({ code: 0 });
  });
});
