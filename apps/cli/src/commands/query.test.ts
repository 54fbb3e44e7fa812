import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { alike, workplaceWithLake } from "../testing/medallion.ts";

const BIN = fileURLToPath(new URL("../../bin/medallion.js", import.meta.url));

const task = (id: string, more: object = {}) =>
  JSON.stringify({ task_id: id, status: "completed", timestamp: "2025-11-27T10:00:00Z", ...more });

const filled = alike(async (place) => {
  const records = [
    task("a", { error: { code: 3 }, big: 12345678901234567890n.toString(), master: "=1+1" }),
    task("b", { timestamp: "2025-11-28T23:30:00-02:00", master: "m\nn" }),
    "{broken",
  ];
  await place.json(["ingest", "tasks", "-"], records.join("\n"));
  await place.json(["run"]);
});

describe("medallion query", { timeout: 120_000 }, () => {
  it("answers over every layer, in every format", async () => {
    const place = await filled();
    const { stdout } = await place.medallion([
      "query",
      "select task_id, timestamp, s.day, error, b.record->>'status' as status, g.total from silver_tasks s " +
        "left join bronze_tasks b on b.record->>'task_id' = task_id " +
        "left join gold_daily_by_master g on g.date = s.day and g.master = s.master order by 1",
      "--json",
    ]);
    expect(JSON.parse(stdout)).toEqual([
      {
        task_id: "a",
        timestamp: "2025-11-27T10:00:00.000000Z",
        day: "20251127",
        error: { code: 3 },
        status: "completed",
        total: 1,
      },
      {
        task_id: "b",
        timestamp: "2025-11-29T01:30:00.000000Z",
        day: "20251129",
        error: null,
        status: "completed",
        total: 1,
      },
    ]);
    expect(
      (await place.medallion(["query", 'select "rule", raw from silver_quarantine_tasks', "--format", "csv"])).stdout,
    ).toBe("rule,raw\nrecord.json,{broken\n");

    const sql = "select task_id, master, 1.50::DECIMAL(4,2) as d, null as nothing from silver_tasks order by 1";
    const as = async (format: string) => (await place.medallion(["query", "-", "--format", format], sql)).stdout;
    expect(await as("csv")).toBe('task_id,master,d,nothing\na,\'=1+1,1.50,\nb,"m\nn",1.50,\n');
    expect(await as("jsonl")).toBe(
      '{"task_id":"a","master":"=1+1","d":1.50,"nothing":null}\n{"task_id":"b","master":"m\\nn","d":1.50,"nothing":null}\n',
    );
    expect(await as("table")).toBe(
      "task_id  master     d  nothing\n-------  ------  ----  -------\n" +
        "a        =1+1    1.50  NULL\nb        m\\nn    1.50  NULL\n(2 rows)\n",
    );
  });

  it("prints as many rows as asked for", async () => {
    const place = await filled();
    const sql = "select i from range(1000000000) t(i)";
    const { stdout } = await place.medallion(["query", sql, "--limit", "2"]);
    expect(stdout).toBe("i\n-\n0\n1\n(the first 2 rows)\n");
    expect((await place.medallion(["query", sql, "--limit", "0", "--json"])).stdout).toBe("[]\n");
    expect(await place.unread(["query", sql, "--format", "jsonl"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("takes a mistake for wrong usage and shows its place", async () => {
    const place = await filled();
    await writeFile(join(place.folder, "q.sql"), "select\n  nope\nfrom silver_tasks");
    const mistake = await place.medallion(["query", "--file", "q.sql"]);
    expect(mistake).toMatchObject({ code: 2, stdout: "" });
    expect(mistake.stderr).toContain("LINE 2:   nope\n");
    const unknown = await place.medallion(["query", "from silver_task"]);
    expect(unknown.stderr).toContain('Did you mean "silver_tasks"?');
    for (const args of [["query"], ["query", "select 1", "--file", "q.sql"], ["query", "--file", "none.sql"]]) {
      expect((await place.medallion(args)).code).toBe(2);
    }
  });

  it("reads nothing outside the lake and writes nothing, not even into it", async () => {
    const place = await filled();
    const before = await readdir(place.folder, { recursive: true });
    const gold = join(place.folder, "lake/gold/analytics/daily-20251127.json");
    const document = await readFile(gold, "utf8");
    for (const sql of [
      "select * from read_text('/etc/passwd') -- gold_daily",
      `copy (from gold_daily) to '${gold}'`,
      `copy (from gold_daily) to '${place.folder}/lake/gold/new.csv'`,
      `select * from enable_profiling('json', save_location='${gold}'), gold_daily`,
    ]) {
      const { code, stderr } = await place.medallion(["query", sql]);
      expect({ sql, code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("not run") });
    }
    expect(await readdir(place.folder, { recursive: true })).toEqual(before);
    expect(await readFile(gold, "utf8")).toBe(document);
  });

  it.skipIf(process.platform === "win32")("ends with 130 on Ctrl-C", async () => {
    const place = await filled();
    const args = ["query", "select i from range(1000000000000) t(i)", "--format", "jsonl", "--lake", "lake"];
    const child = spawn(process.execPath, [BIN, ...args], { cwd: place.folder });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdout.once("data", () => child.kill("SIGINT"));
    child.stdout.resume();
    expect(await new Promise((resolve) => child.on("close", resolve))).toBe(130);
  });
});

it("stops a query whose time is up, also when it was up before the query began", async () => {
  const place = await workplaceWithLake();
  const endless = "select count(*) from range(10000000) a(i), range(10000000) b(j) where hash(i + j) = 0";
  const { code, stderr } = await place.spawned(["query", endless, "--timeout", "1"]);
  expect(code).toBe(1);
  expect(stderr).toContain("stopped after 1 second");
}, 60_000);
