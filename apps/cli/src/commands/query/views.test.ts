import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { initLake, type Lake, type LakeState, readState } from "@medallion/lake";
import { BUILT_IN_DATASETS } from "@medallion/schema";
import { describe, expect, it, onTestFinished } from "vitest";
import { jsonOf } from "../output/cells.ts";
import { withViews } from "./engine.ts";
import type { ViewSource } from "./view.ts";
import { lakeViews } from "./views.ts";

const never = new AbortController().signal;

async function emptyLake(): Promise<{ lake: Lake; write(path: string, text: string): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), "medallion-views-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const { lake } = await initLake(root);
  return {
    lake,
    async write(path, text) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
  };
}

/** The rows of a query over all views, as JSON. */
async function rowsOf(source: ViewSource, text: string): Promise<unknown[]> {
  return withViews(source, lakeViews(BUILT_IN_DATASETS), { signal: never }, async (engine) => {
    const result = await engine.query(text);
    const rows: unknown[] = [];
    for await (const batch of result.batches()) rows.push(...batch.map((row) => JSON.parse(jsonOf(row))));
    return rows;
  });
}

async function stateWithGold(lake: Lake, ...paths: string[]): Promise<LakeState> {
  return { ...(await readState(lake)), gold: new Map(paths.map((path) => [path, { commit: 1 }])) };
}

describe("the views of a lake", () => {
  it("are all there in an empty lake, with their columns", async () => {
    const { lake } = await emptyLake();
    const source = { lake, state: await readState(lake) };
    const names = (await rowsOf(source, "show tables")).flat();
    expect(names).toEqual(expect.arrayContaining(["bronze_events", "silver_metrics", "silver_quarantine_lineage"]));
    expect(names).toEqual(expect.arrayContaining(["gold_daily", "gold_weekly", "gold_kpis", "gold_reports_task_list"]));
    const all = names.map((name) => `(select count(*) from ${name})`).join(" + ");
    expect(await rowsOf(source, `select ${all}`)).toEqual([[0]]);
    const columns = (await rowsOf(source, "describe silver_metrics")).map((row) =>
      Array.isArray(row) ? row.slice(0, 2) : row,
    );
    expect(columns).toEqual(
      expect.arrayContaining([
        ["metric_value", "DOUBLE"],
        ["timestamp", "TIMESTAMP WITH TIME ZONE"],
        ["labels", "JSON"],
        ["day", "VARCHAR"],
      ]),
    );
  });

  it("show every line of bronze, whatever it is", async () => {
    const { lake, write } = await emptyLake();
    const long = "x".repeat(9 * 1024 * 1024);
    await write(
      "bronze/events/task%20started-20260101.jsonl",
      `{"a":"\\ud800"}\n\n{"event_type":"${long}"}\n{"a":1,"a":2}\n{"torn"`,
    );
    await write("bronze/events/lineage-20260102.jsonl", '{"task_id":"t"}\n');
    const source = { lake, state: await readState(lake) };
    expect(await rowsOf(source, "select record is null, length(line), file, day from bronze_events")).toEqual([
      [true, 14, "bronze/events/task%20started-20260101.jsonl", "20260101"],
      [false, long.length + 17, "bronze/events/task%20started-20260101.jsonl", "20260101"],
      [false, 13, "bronze/events/task%20started-20260101.jsonl", "20260101"],
      [true, 7, "bronze/events/task%20started-20260101.jsonl", "20260101"],
    ]);
    expect(await rowsOf(source, "select record->>'task_id', day from bronze_lineage")).toEqual([["t", "20260102"]]);
    const range = { start: "20260102", end: "20260103" };
    expect(await rowsOf({ ...source, range }, "select count(*) from bronze_events")).toEqual([[0]]);
  });

  it("show documents that the commit log knows, their lists and their objects", async () => {
    const { lake, write } = await emptyLake();
    const report = (master: string, tasks: object[]) =>
      JSON.stringify({
        master,
        date: "20260101",
        layer: "gold",
        metrics: { total_tasks: tasks.length, buckets: { fast: 1 } },
        task_list: tasks,
      });
    const path = "gold/reports/a-20260101.json";
    await write(
      path,
      report("a", [
        { task_id: "t1", status: "failed", duration_seconds: null },
        { task_id: "t2", duration_seconds: 1.5 },
      ]),
    );
    await write("gold/reports/uncommitted-20260101.json", report("b", []));
    const gone = "gold/reports/gone-20260101.json";
    const source = { lake, state: await stateWithGold(lake, path, gone, "gold/kpis/kpis-20260101-to-20260107.json") };
    await write(
      "gold/kpis/kpis-20260101-to-20260107.json",
      '{"date_range":{"start":"20260101","end":"20260107"},"kpis":{"days":7},"by_master":[{"master":"m","total":2}]}',
    );
    expect(await rowsOf(source, "select master, date, metrics.total_tasks, file from gold_reports")).toEqual([
      ["a", "20260101", 2, "a-20260101.json"],
    ]);
    expect(
      await rowsOf(source, "select master, task_id, status, duration_seconds from gold_reports_task_list"),
    ).toEqual([
      ["a", "t1", "failed", null],
      ["a", "t2", null, 1.5],
    ]);
    expect(await rowsOf(source, 'select start, "end", master, total from gold_kpis_by_master')).toEqual([
      ["20260101", "20260107", "m", 2],
    ]);
    const halfWay = { ...source, range: { start: "20260102", end: "20260107" } };
    expect(await rowsOf(halfWay, "select count(*) from gold_kpis")).toEqual([[0]]);
  });

  it("read no file that a link leads to outside the lake", async () => {
    const { lake, write } = await emptyLake();
    await write("gold/analytics/x", "");
    const path = "gold/analytics/daily-20260101.json";
    await symlink("/etc/passwd", join(lake.root, path));
    const source = { lake, state: await stateWithGold(lake, path) };
    await expect(rowsOf(source, "select 1")).rejects.toMatchObject({ code: "PATH_OUTSIDE_LAKE" });
  });
});
