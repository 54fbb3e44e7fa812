import { quarantinePath, type SilverFormat, silverPath } from "../layout/layout.ts";
import type { LakePath } from "../layout/paths.ts";
import type { Day } from "../time/calendar.ts";
import type { LakeState } from "./state.ts";

/**
 * The files that a partition of silver consists of, in their order: every row of one comes before those of the next. None
 * where the partition has no rows, or is retired.
 * @param folder such as `processed-tasks`
 * @throws LakeError `NAME_INVALID`, `DAY_INVALID`
 */
export function partitionFiles(
  state: Pick<LakeState, "silver">,
  folder: string,
  day: Day,
  format: SilverFormat,
): LakePath[] {
  return partsIn(state.silver, (part) => silverPath(folder, day, format, part));
}

/**
 * The files that the quarantine of a day of ingestion consists of, in their order, as those of {@link partitionFiles}. None
 * where nothing was set aside, or where retention has removed it.
 * @param dataset its name, such as `tasks`
 * @throws LakeError `NAME_INVALID`, `DAY_INVALID`
 */
export function quarantineFiles(state: Pick<LakeState, "quarantine">, dataset: string, day: Day): LakePath[] {
  return partsIn(state.quarantine, (part) => quarantinePath(dataset, day, part));
}

/** The days of ingestion for which a data set has quarantine, in their order. */
export function quarantineDays(state: Pick<LakeState, "quarantine">, dataset: string): Day[] {
  const days = [...state.quarantine].flatMap((file) => {
    const day = /\/([0-9]{8})\.jsonl$/.exec(file)?.[1];
    return day !== undefined && file === quarantinePath(dataset, day) ? [day] : [];
  });
  return days.sort();
}

/**
 * Those of some files that are the parts of one thing, in their order.
 * @param pathOf names a part, from 1 on
 */
export function partsIn(files: Pick<ReadonlySet<LakePath>, "has">, pathOf: (part: number) => LakePath): LakePath[] {
  const parts: LakePath[] = [];
  for (let file = pathOf(1); files.has(file); file = pathOf(parts.length + 1)) parts.push(file);
  return parts;
}
