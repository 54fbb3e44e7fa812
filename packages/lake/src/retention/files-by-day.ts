import { join } from "node:path";
import type { Lake } from "../lake.ts";
import { firstPartOf } from "../layout/layout.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";
import { type Day, isDay } from "../time/calendar.ts";

/** A data file and its size. */
export interface SizedFile {
  readonly file: LakePath;
  /** Its size. */
  readonly bytes: number;
}

/** The data files of some folders by the day in their names; a file without one is passed over. */
export async function filesByDay(lake: Lake, folders: readonly LakePath[]): Promise<Map<Day, SizedFile[]>> {
  const files = new Map<Day, SizedFile[]>();
  for (const folder of folders) {
    const absolute = await resolveInLake(lake, folder);
    const entries = await lake.storage.list(absolute);
    for (const { name, kind } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file: LakePath = `${folder}/${name}`;
      const day = /[/-]([0-9]{8})\.(?:jsonl|json|parquet)$/.exec(firstPartOf(file) ?? file)?.[1];
      if (day === undefined || !isDay(day) || (kind !== "file" && kind !== "link")) continue;
      const bytes = (await lake.storage.status(join(absolute, name)))?.size ?? 0;
      files.set(day, [...(files.get(day) ?? []), { file, bytes }]);
    }
  }
  return files;
}
