import { hasChangedRules, type Lake, needsRecovery, pendingBronze, readState, takesPart } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { DatasetStream } from "@medallion/schema";
import { hasDaily, staleGold } from "./stale-gold.ts";

/**
 * Whether a run has nothing to do, found out without a lock, an engine, the rules or a data file.
 * @param gold whether gold is asked for, too
 * @param day whose document is asked for; null for none
 */
export async function isIdle(
  lake: Lake,
  streams: readonly DatasetStream[],
  gold: boolean,
  day: Day | null,
): Promise<boolean> {
  if (await needsRecovery(lake)) return false;
  const state = await readState(lake);
  if ((gold && staleGold(state, "tasks").length > 0) || (day !== null && !hasDaily(state, day))) return false;
  for (const { name, folders, part, rulesHash } of streams) {
    if (hasChangedRules(state, name, rulesHash)) return false;
    const pending = await pendingBronze(lake, state, name, folders.bronze);
    if (pending.some((file) => takesPart(part, file.part))) return false;
  }
  return true;
}
