import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { workplaceWithLake } from "../testing/medallion.ts";

describe("medallion export", { timeout: 120_000 }, () => {
  it("writes what is in the range, and headers where there is nothing", async () => {
    const place = await workplaceWithLake();
    const { code, stdout } = await place.medallion(["export", "tasks"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^task_id,status,timestamp,[a-z_,]*,day\n$/);
    const titles = ["=HYPERLINK(1)", "-1", "-x", "@a", "\tb", 'say "hi"\r\n', "plain"];
    const records = titles.map((title, index) =>
      JSON.stringify({ task_id: `${index}`, status: "done", title, timestamp: `2025-11-2${index}T10:00:00Z` }),
    );
    await place.json(["ingest", "tasks", "-"], records.join("\n"));
    await place.json(["run"]);
    const lines = async (...args: string[]) => (await place.medallion(["export", ...args])).stdout;
    const csv = await lines("tasks");
    expect(csv).toContain(",'=HYPERLINK(1),");
    expect(csv).toContain(",-1,");
    expect(csv).toContain(",'-x,");
    expect(csv).toContain(",'@a,");
    expect(csv).toContain(",'\tb,");
    expect(csv).toContain(',"say ""hi""\r\n",');
    expect(await lines("tasks", "--raw-cells")).toContain(",=HYPERLINK(1),");
    const two = await lines("tasks", "--format", "jsonl", "--start", "2025-11-22", "--end", "20251123");
    expect(
      two
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).day),
    ).toEqual(["20251122", "20251123"]);
    expect((await lines("gold_daily_summary", "--end", "20251121")).split("\n")).toHaveLength(4);

    const written = await place.json(["export", "tasks", "--format", "parquet", "-o", "t.parquet"]);
    expect(written).toMatchObject({ table: "silver_tasks", rows: 7 });
    expect((await readFile(join(place.folder, "t.parquet"))).subarray(0, 4).toString()).toBe("PAR1");
    expect(await place.json(["export", "gold_daily", "-o", "d.csv"])).toMatchObject({ rows: 7 });
    expect(await readFile(join(place.folder, "d.csv"), "utf8")).toBe(await lines("gold_daily"));
    expect((await readdir(place.folder)).sort()).toEqual(["d.csv", "lake", "t.parquet"]);
  });

  it("refuses what it cannot do, and leaves the file that is there", async () => {
    const place = await workplaceWithLake();
    await writeFile(join(place.folder, "kept.csv"), "old");
    const codeOf = async (...args: string[]) => (await place.medallion(["export", ...args])).code;
    expect(await codeOf("nothing")).toBe(2);
    expect(await codeOf("bronze_tasks")).toBe(2);
    expect(await codeOf("tasks", "--format", "parquet")).toBe(2);
    expect(await codeOf("tasks", "--start", "20251201", "--end", "20251101", "-o", "kept.csv")).toBe(2);
    expect(await codeOf("tasks", "-o", "no/folder.csv")).toBe(1);
    expect(await readFile(join(place.folder, "kept.csv"), "utf8")).toBe("old");
    await chmod(join(place.folder, "kept.csv"), 0o600);
    expect(await codeOf("tasks", "-o", "kept.csv")).toBe(0);
    expect(await readFile(join(place.folder, "kept.csv"), "utf8")).toMatch(/^task_id,/);
  });
});
