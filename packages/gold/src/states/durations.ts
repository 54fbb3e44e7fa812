import { type Percentiles, percentilesAt, placesOf } from "../range/percentiles.ts";
import { type DayStates, durationsBelow } from "./states.ts";

/** Exact percentiles of the durations of states that are not superseded. */
export function percentilesOfStates(days: readonly DayStates[], superseded: readonly Uint8Array[]): Percentiles {
  const lists = standingDurations(days, superseded);
  const count = lists.reduce((sum, list) => sum + list.length, 0);
  return percentilesAt(count, new Map(placesOf(count).map((place) => [place, BigInt(durationAt(lists, place))])));
}

/** The durations of each day, in order, without those of superseded states. */
function standingDurations(days: readonly DayStates[], superseded: readonly Uint8Array[]): Float64Array[] {
  const known = days.map(({ micros }) => micros.subarray(0, durationsBelow(micros, Number.POSITIVE_INFINITY)));
  const isWhole = superseded.map((flags) => !flags.includes(1));
  const size = known.reduce((sum, list, day) => sum + (isWhole[day] === true ? 0 : list.length), 0);
  const copies = new Float64Array(size);
  let end = 0;
  return known.map((list, day) => {
    const flags = superseded[day];
    if (isWhole[day] === true || flags === undefined) return list;
    const start = end;
    end = copyStanding(list, flags, copies, start);
    return copies.subarray(start, end);
  });
}

/** Returns the place behind the last duration that was copied. */
function copyStanding(list: Float64Array, superseded: Uint8Array, to: Float64Array, start: number): number {
  let end = start;
  for (let place = 0; place < list.length; place += 1) {
    if (superseded[place] === 1) continue;
    to[end] = list[place] ?? 0;
    end += 1;
  }
  return end;
}

/** The duration at a place of those of all lists in order, which is the largest with at most so many below it. */
function durationAt(lists: readonly Float64Array[], place: number): number {
  let [low, high] = [0, Number.MAX_SAFE_INTEGER];
  while (low < high) {
    const middle = high - Math.floor((high - low) / 2);
    let below = 0;
    for (const list of lists) below += durationsBelow(list, middle);
    if (below <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
