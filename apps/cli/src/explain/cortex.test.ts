import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainAll } from "../testing/explain-all.ts";
import { sharedFolder, workplaceWithLake } from "../testing/medallion.ts";

const cortex = join(sharedFolder, "cortex");

describe.skipIf(!existsSync(cortex))("every number of the daily documents of ../shared/cortex", () => {
  it("is given by the bronze lines listed for it", async () => {
    const place = await workplaceWithLake();
    await place.json(["ingest", "tasks", join(cortex, "tasks.jsonl")]);
    await place.json(["run"]);
    expect((await explainAll(place)).length).toBeGreaterThan(250);
  }, 240_000);

  it("is given by the lines of three pieces with a run after each", async () => {
    const place = await workplaceWithLake();
    const lines = (await readFile(join(cortex, "tasks.jsonl"), "utf8")).split("\n").filter(Boolean);
    for (const part of [lines.slice(0, 80), lines.slice(80, 160), lines.slice(160)]) {
      await place.json(["ingest", "tasks", "-"], `${part.join("\n")}\n`);
      await place.json(["run"]);
    }
    expect((await explainAll(place)).length).toBeGreaterThan(250);
  }, 360_000);
});
