import { basename, dirname, join } from "node:path";
import { partitionKey } from "@medallion/lake";
import { resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import type { GoldPlace } from "../range/partitions.ts";
import { ALIGNMENT, readStatesFile } from "./file.ts";
import { statesPath } from "./path.ts";
import type { DayStates } from "./states.ts";

/** As many rows of a range have their states in memory at once, which takes some 45 bytes for each. */
const MOST_IN_MEMORY = 5_000_000;

/**
 * The states of days with rows, in the order of the days; null when those of a day are not kept, are older than its silver or
 * cannot be read, or when they are too many.
 */
export async function readStates(
  place: GoldPlace,
  days: readonly { readonly day: Day; readonly rows: number | null }[],
): Promise<DayStates[] | null> {
  if (days.reduce((sum, { rows }) => sum + (rows ?? 0), 0) > MOST_IN_MEMORY) return null;
  const { storage } = place.lake;
  const paths = await pathsOf(place, days);
  const files: { readonly path: string; readonly start: number; readonly size: number }[] = [];
  let total = 0;
  for (const path of paths) {
    const status = path === null ? null : await storage.status(path);
    if (path === null || status?.kind !== "file") return null;
    files.push({ path, start: total, size: status.size });
    total += ALIGNMENT * Math.ceil(status.size / ALIGNMENT);
  }
  // One for all: a buffer for each day makes the garbage collector run for as long as everything else takes.
  const bytes = new Uint8Array(total);
  const states: DayStates[] = [];
  for (const { path, start, size } of files) {
    const part = bytes.subarray(start, start + size);
    const found = (await storage.readInto(path, part)) === size ? readStatesFile(part) : null;
    if (found === null) return null;
    states.push(found);
  }
  return states;
}

/** Where the states of days are that are as new as their silver; null for a day of which there are none. */
async function pathsOf(place: GoldPlace, days: readonly { readonly day: Day }[]): Promise<(string | null)[]> {
  const { lake, transaction, dataset, changed = [] } = place;
  const { gold, partitions } = transaction.state;
  const [first] = days;
  // No link is followed at the end of a path that is a file by its status, so that the folder alone is looked at.
  const folder = first === undefined ? "" : dirname(await resolveInLake(lake, statesPath(first.day)));
  return days.map(({ day }) => {
    const path = statesPath(day);
    const staged = transaction.staged(path);
    if (staged !== null || changed.some((input) => input.day === day)) return staged;
    const [kept, silver] = [gold.get(path), partitions.get(partitionKey(dataset.name, day))];
    const isCurrent = kept !== undefined && silver !== undefined && kept.commit >= silver.commit;
    return isCurrent ? join(folder, basename(path)) : null;
  });
}
