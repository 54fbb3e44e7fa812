import type { Installation } from "../installation.ts";

/** Makes the lake that the examples open, with tasks of 27 November 2025 in bronze, one for each status. */
export async function makeBronzeLake(team: Installation, statuses: readonly string[]): Promise<void> {
  await team.node(`
    import { mkdir, writeFile } from "node:fs/promises";
    import { bronzePath } from "@medallion/lake/layout";
import { initLake } from "@medallion/lake";
    await mkdir("coordination");
    const { lake } = await initLake("coordination/medallion");
    await mkdir(lake.root + "/bronze/raw-tasks", { recursive: true });
    const lines = ${JSON.stringify(statuses)}.map((status, index) => JSON.stringify({
      task_id: "task-" + index, status, timestamp: "2025-11-27T10:00:00Z",
      ingested_at: "2025-11-27T10:00:01.00000" + index + "+00:00", layer: "bronze" }) + "\\n");
    await writeFile(lake.root + "/" + bronzePath("raw-tasks", "20251127"), lines.join(""));`);
}
