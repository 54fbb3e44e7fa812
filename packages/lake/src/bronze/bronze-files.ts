import { join } from "node:path";
import type { Lake } from "../lake.ts";
import { bronzePath } from "../layout/layout.ts";
import { checkSafeName, isSafeName } from "../layout/names.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";
import { type Day, isDay } from "../time/calendar.ts";

/** A file of bronze, as a listing finds it. */
export interface BronzeFile {
  readonly path: LakePath;
  /** The day of ingestion. */
  readonly day: Day;
  /** The encoded name before the day (`readName` gives the original), or null. */
  readonly part: string | null;
  /** In bytes. */
  readonly size: number;
}

/**
 * The files of a folder of bronze, by day and then by path. What has no name of a bronze file is passed over, and so are
 * folders. No folder means no files.
 * @param folder such as `raw-tasks`
 * @throws LakeError `PATH_OUTSIDE_LAKE` when the folder or one of its files is a symbolic link that leads out of the lake
 * @throws LakeError `NAME_INVALID`, `STORAGE_FAILED`
 */
export async function listBronze(lake: Lake, folder: string): Promise<BronzeFile[]> {
  const absolute = await resolveInLake(lake, `bronze/${checkSafeName(folder)}`);
  const files: BronzeFile[] = [];
  for (const entry of await lake.storage.list(absolute)) {
    const name = parseBronzeName(entry.name);
    if (name === null || (entry.kind !== "file" && entry.kind !== "link")) continue;
    const path = bronzePath(folder, name.day, name.part ?? undefined);
    const size =
      entry.kind === "link" ? await sizeBehindLink(lake, path) : await sizeOf(lake, join(absolute, entry.name));
    if (size !== null) files.push({ path, day: name.day, part: name.part, size });
  }
  return files.sort((a, b) => compare(a.day, b.day) || compare(a.path, b.path));
}

/** The day and the part in the name of a bronze file; null for any other name. */
export function parseBronzeName(fileName: string): { day: Day; part: string | null } | null {
  const match = /^(?:(.+)-)?([0-9]{8})\.jsonl$/.exec(fileName);
  const [day, part] = [match?.[2], match?.[1] ?? null];
  if (day === undefined || !isDay(day) || (part !== null && !isSafeName(part))) return null;
  return { day, part };
}

async function sizeBehindLink(lake: Lake, path: LakePath): Promise<number | null> {
  const real = await lake.storage.realPath(await resolveInLake(lake, path));
  return real === null ? null : sizeOf(lake, real);
}

async function sizeOf(lake: Lake, absolute: string): Promise<number | null> {
  const status = await lake.storage.status(absolute);
  return status?.kind === "file" ? status.size : null;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
