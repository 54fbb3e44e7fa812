import { type LakeState, partsIn } from "@medallion/lake";
import { type LakePath, partSuffix } from "@medallion/lake/layout";
import { checkDay, type Day } from "@medallion/lake/time";

const FOLDER = "gold/retired-tasks";

/**
 * `gold/retired-tasks/20251127.parquet`: the tasks of a day whose silver is retired, each in its latest state of the day. Parts
 * after the first are named as those of silver.
 * @param part from 1 to 999999; default: 1
 */
export function retiredTasksPath(day: Day, part = 1): LakePath {
  return `${FOLDER}/${checkDay(day)}${partSuffix(part)}.parquet`;
}

/** The files that the tasks of a sealed day consist of, in their order; none for another day. */
export function retiredTasksFiles(state: Pick<LakeState, "gold">, day: Day): LakePath[] {
  return partsIn(state.gold, (part) => retiredTasksPath(day, part));
}

/** The days that have been sealed, in order. */
export function sealedDays(state: LakeState): Day[] {
  const days = [...state.gold.keys()].flatMap(
    (path) => /^gold\/retired-tasks\/([0-9]{8})\.parquet$/.exec(path)?.slice(1, 2) ?? [],
  );
  return days.sort();
}

/** Whether a day has been sealed. */
export function isSealed(state: LakeState, day: Day): boolean {
  return state.gold.has(retiredTasksPath(day));
}
