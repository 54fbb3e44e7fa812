import type { LakeState } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { checkDay, type Day } from "@medallion/lake/time";

const FOLDER = "gold/retired-tasks";

/** `gold/retired-tasks/20251127.parquet`: the tasks of a day whose silver is retired, each in its latest state of the day. */
export function retiredTasksPath(day: Day): LakePath {
  return `${FOLDER}/${checkDay(day)}.parquet`;
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
