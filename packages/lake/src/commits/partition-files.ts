import { type SilverFormat, silverPath } from "../layout/layout.ts";
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
  const files: LakePath[] = [];
  for (let part = 1; ; part++) {
    const file = silverPath(folder, day, format, part);
    if (!state.silver.has(file)) return files;
    files.push(file);
  }
}
