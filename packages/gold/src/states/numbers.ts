import type { Day } from "@medallion/lake/time";
import { ContributionSum } from "../numbers/contribution.ts";
import type { Tally } from "../numbers/tally.ts";
import type { Percentiles } from "../range/percentiles.ts";
import { percentilesOfStates } from "./durations.ts";
import type { DayStates } from "./states.ts";
import { supersededStates } from "./superseded.ts";
import { talliesOf, wholeDay } from "./tallies.ts";

/** What the states of a range's days give. */
export interface StatesNumbers {
  /** By master, without shares and sketch. */
  readonly sum: ContributionSum;
  readonly daily: ReadonlyMap<Day, Tally>;
  readonly percentiles: Percentiles;
}

/** Counts the tasks of days, each in its state of the last day that has it. `days` and `states` are in the same order. */
export function numbersOfStates(days: readonly Day[], states: readonly DayStates[]): StatesNumbers {
  const superseded = supersededStates(states);
  const sum = new ContributionSum();
  const daily = new Map<Day, Tally>();
  days.forEach((day, index) => {
    const [ofDay, flags] = [states[index], superseded[index]];
    if (ofDay === undefined || flags === undefined) throw new TypeError(`the states of ${day} are missing`);
    const tallies = talliesOf(ofDay, flags);
    for (const [master, tally] of tallies.standing) sum.addMaster(master, tally);
    daily.set(day, wholeDay(tallies));
  });
  return { sum, daily, percentiles: percentilesOfStates(states, superseded) };
}
