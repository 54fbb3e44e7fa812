import { link, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { measure } from "./measure/measure.ts";
import { emptyFolder, inputFile, medallion, type Workplace } from "./workplace.ts";

const BRONZE = join("bronze", "raw-tasks");

/** The bronze folder of the tasks in a lake. */
export function bronzeOf(lake: string): string {
  return join(lake, BRONZE);
}

/** A new lake without records. */
export async function newLake(place: Workplace, name: string): Promise<string> {
  const lake = await emptyFolder(place, name);
  await measure({ words: medallion("init", lake) });
  return lake;
}

/** A lake whose bronze holds so many records, and the number of bytes that were ingested. */
export async function bronzeLake(place: Workplace, records: number): Promise<string> {
  const input = await inputFile(place, `tasks-${records}`, { records });
  const lake = await newLake(place, `bronze-${records}`);
  await measure({ words: medallion("ingest", "tasks", input, "--lake", lake) });
  // Large ones would be in the way of what a run needs of the disk.
  await rm(input);
  return lake;
}

/** A new lake with the bronze of another one, whose files it shares; nothing of it may be appended to. */
export async function lakeWithBronzeOf(place: Workplace, source: string, name: string): Promise<string> {
  const lake = await newLake(place, name);
  await mkdir(bronzeOf(lake), { recursive: true });
  for (const file of await readdir(bronzeOf(source))) {
    await link(join(bronzeOf(source), file), join(bronzeOf(lake), file));
  }
  return lake;
}
