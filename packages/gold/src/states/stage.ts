import type { Lake, Transaction } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import { statesFile } from "./file.ts";
import { statesPath } from "./path.ts";
import type { DayStates } from "./states.ts";

/** Of so many rows of a day states are kept: their text comes out of the engine at once. */
export const MOST_STATES = 250_000;

/** Stages what is kept of the tasks of a day. */
export async function stageStates(
  { lake, transaction }: { readonly lake: Lake; readonly transaction: Transaction },
  day: Day,
  states: DayStates,
): Promise<void> {
  await lake.storage.write(await transaction.stage(statesPath(day)), statesFile(states));
}

/** Removes what is kept of the tasks of a day, where something is. */
export function leaveStates(transaction: Transaction, day: Day): void {
  if (transaction.state.gold.has(statesPath(day))) transaction.remove(statesPath(day));
}
