import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sharedFolder, workplaceWithLake } from "./testing/medallion.ts";

const coordination = join(sharedFolder, "cortex/coordination");

/** The arguments with which a data file is ingested; null for what is no data. */
function commandFor(path: string): readonly string[] | null {
  const name = basename(path);
  const type = name.replace(/\..*$/, "").replace(/-?[0-9].*$/, "") || "unknown";
  if (path.startsWith("schemas/") || path.startsWith("medallion/")) return null;
  if (name.startsWith("task-queue")) return ["tasks", "--records", "tasks"];
  if (path.startsWith("tasks/") || path.startsWith("orchestrator/tasks/")) return ["tasks"];
  if (path.includes("lineage")) return ["lineage"];
  if (path.includes("metrics")) return ["metrics", "--master", type];
  return ["events", "--type", path.includes("/archive/") ? "archive" : type];
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const statusSchema = z.object({
  partitions: z.array(
    z.object({
      dataset: z.string(),
      read: z.number(),
      rows: z.number(),
      duplicate: z.number(),
      quarantined: z.number(),
    }),
  ),
});

describe.skipIf(!existsSync(coordination))("all data of a real system (skipped where ../shared is absent)", () => {
  it("is ingested with the fitting command, and every record is accounted for", async () => {
    const place = await workplaceWithLake();
    const groups = new Map<string, string[]>();
    for (const file of await filesIn(coordination)) {
      const command = commandFor(relative(coordination, file));
      if (command !== null) groups.set(JSON.stringify(command), [...(groups.get(JSON.stringify(command)) ?? []), file]);
    }
    let kept = 0;
    for (const [command, files] of groups) {
      const args: readonly string[] = z.array(z.string()).parse(JSON.parse(command));
      kept += z.number().parse((await place.json(["ingest", ...args, ...files])).records);
    }
    const bronze = await filesIn(join(place.folder, "lake/bronze"));
    const texts = await Promise.all(bronze.map((file) => readFile(file, "utf8")));
    expect(texts.join("").split("\n").length - 1).toBe(kept);
    expect(await place.json(["run"])).toMatchObject({ read: kept });
    const { partitions } = statusSchema.parse(await place.json(["status"]));
    const sum = (of: "read" | "rows" | "duplicate" | "quarantined") =>
      partitions.reduce((total, partition) => total + partition[of], 0);
    expect(sum("read")).toBe(kept);
    expect(sum("rows") + sum("duplicate") + sum("quarantined")).toBe(kept);
    expect(new Set(partitions.map(({ dataset }) => dataset))).toEqual(
      new Set(["tasks", "lineage", "events", "metrics"]),
    );
  }, 120_000);

  it("keeps every heartbeat and zombie event, for none is another worker's", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "events", join(coordination, "events/archive/2025-11-18")]);
    expect(await place.json(["run"])).toMatchObject({ read: 5915, accepted: 5915, duplicates: 0, quarantined: 0 });
    await place.json(["ingest", "events", join(coordination, "events/archive/2025-11-18")]);
    expect(await place.json(["run"])).toMatchObject({ read: 5915, accepted: 5915, superseded: 5915 });
  }, 120_000);
});
