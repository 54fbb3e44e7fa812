import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { type Workplace, workplace, workplaceWithLake } from "../../testing/medallion.ts";
import { unifiedDiff } from "./unified-diff.ts";

const DAYS = ["20251125", "20251126", "20251127"] as const;

/** Ten records a day; those of the third day have another shape. */
function recordsOf(day: string): string {
  const [year, month, date] = [day.slice(0, 4), day.slice(4, 6), day.slice(6)];
  return Array.from({ length: 10 }, (_, index) => {
    const time = `${year}-${month}-${date}T10:00:0${index}Z`;
    const base = { task_id: `t${index}`, status: "queued", timestamp: time };
    const record = day === DAYS[2] ? { ...base, title: index, region: "eu" } : { ...base, title: "x", queue: "a" };
    return `${JSON.stringify(record)}\n`;
  }).join("");
}

async function runDay(place: Workplace, day: string): Promise<Record<string, unknown>> {
  await place.json(["ingest", "tasks", "-"], recordsOf(day));
  return await place.json(["run"]);
}

describe("medallion schema", { timeout: 180_000 }, () => {
  it("tells of drift on the third day, once, keeps its history and proposes a schema", async () => {
    const place = await workplaceWithLake();
    expect(await runDay(place, DAYS[0])).toMatchObject({ drift: [] });
    expect(await runDay(place, DAYS[1])).toMatchObject({ drift: [] });
    await place.json(["ingest", "tasks", "-"], recordsOf(DAYS[2]));
    const { stdout } = await place.medallion(["run"]);
    expect(stdout).toContain('Drift in tasks on 20251127: new field "region" (string) in 100 % of the records.');
    expect(stdout).toContain(
      'Drift in tasks on 20251127: the field "queue" has vanished; it was in 100 % of the records.',
    );
    expect(stdout).toContain('Drift in tasks on 20251127: "title" was string and is number.');
    expect(await runDay(place, DAYS[2])).toMatchObject({ drift: [] });

    const history = await place.json(["schema", "history", "tasks"]);
    expect(history).toMatchObject({ days: [{ drift: [] }, { drift: [] }, { date: DAYS[2], records: 20 }] });
    const text = (await place.medallion(["schema", "history", "tasks"])).stdout;
    expect(text).toMatch(/20251127 +20 +5 +3 changed/);

    const source = (await place.medallion(["schema", "propose", "tasks"])).stdout;
    expect(source).toContain("  region: z.string().nullish(),\n");
    expect(source).toContain("  title: z.union([z.string(), z.number()]).nullish(),\n");
    const patch = (await place.medallion(["schema", "propose", "tasks", "--diff"])).stdout;
    expect(patch).toContain(
      "-  title: z.string().nullish(),\n+  title: z.union([z.string(), z.number()]).nullish(),\n",
    );

    const changed = await place.json(["schema", "diff", "tasks@20251126", "tasks@20251127"]);
    expect(changed).toMatchObject({ compatibility: "none" });
    expect(await place.json(["schema", "diff", "tasks@20251126", "tasks@20251125"])).toMatchObject({ changes: [] });
    await place.json(["run", "--rebuild"]);
    expect(await place.json(["schema", "history", "tasks"])).toEqual(history);
    expect(await place.json(["verify"])).toMatchObject({ differences: [] });
  });

  it("exports every JSON Schema, also of a team's own data set, and compares files", async () => {
    const place = await workplace();
    await writeFile(
      join(place.folder, "medallion.config.mjs"),
      `import { defineDataset, isoInstant } from "@medallion/schema"; import { z } from "zod";
       const record = z.object({ id: z.string(), at: isoInstant() });
       const folders = { bronze: "raw-invoices", silver: "invoices" };
       export default { datasets: [defineDataset({ name: "invoices", version: "1.0.0", folders, record, key: ["id"], time: "at" })] };`,
    );
    const { files } = await place.json(["schema", "export", "--out", "a/schemas"]);
    const names = await readdir(join(place.folder, "a/schemas"));
    expect(names).toEqual(
      expect.arrayContaining(["tasks.schema.json", "invoices.schema.json", "gold-kpis.schema.json"]),
    );
    expect([...names].sort()).toEqual([...(Array.isArray(files) ? files : [])].sort());
    for (const name of names) {
      const text = await readFile(join(place.folder, "a/schemas", name), "utf8");
      expect(new Ajv2020().compile(JSON.parse(text))(1)).toBe(false);
    }
    const diff = (before: string, after: string) => place.json(["schema", "diff", before, after]);
    expect(await diff("a/schemas/tasks.schema.json", "tasks")).toEqual({ compatibility: "full", changes: [] });
    expect(await diff("invoices", "a/schemas/tasks.schema.json")).toMatchObject({ compatibility: "none" });
  });

  it("refuses what is no schema", async () => {
    const place = await workplaceWithLake();
    await writeFile(join(place.folder, "list.json"), "[]");
    await writeFile(join(place.folder, "text.json"), "{");
    await mkdir(join(place.folder, "folder"));
    for (const name of [
      "list.json",
      "text.json",
      "folder",
      "missing.json",
      "tasks@20250101",
      "tasks@20251301",
      "x@today",
    ]) {
      expect(await place.medallion(["schema", "diff", "tasks", name]), name).toMatchObject({ code: 2 });
    }
    expect(await place.medallion(["schema", "history", "nothing"])).toMatchObject({ code: 2 });
    expect((await place.medallion(["schema", "propose", "tasks"])).stdout).toContain("Nothing to propose");
    expect(await place.medallion(["schema", "export", "--out", "list.json"])).toMatchObject({ code: 1 });
  });
});

describe("unifiedDiff", () => {
  it("is empty for equal texts, and has three lines of context", () => {
    expect(unifiedDiff("a\nb\n", "a\nb\n", "x")).toBe("");
    const before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
    expect(unifiedDiff(before, before.replace("5\n", "five\nand\n"), "x")).toBe(
      "--- a/x\n+++ b/x\n@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+five\n+and\n 6\n 7\n 8\n",
    );
  });
});
