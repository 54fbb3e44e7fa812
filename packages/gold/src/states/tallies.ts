import { addTally, FAST_BELOW, NO_TASKS, SLOW_ABOVE, type Tally } from "../numbers/tally.ts";
import { type DayStates, durationsBelow, OUTCOME_BITS, OUTCOMES } from "./states.ts";

/** Sums of numbers below this, and of what is above in units of it, are whole in a double. */
const LOW = 2 ** 24;
const OUTCOME_COUNT = 2 ** OUTCOME_BITS;

/** How the tasks of a day ended, by master: those that stand, and those that a later day supersedes. */
export interface DayTallies {
  readonly standing: ReadonlyMap<string, Tally>;
  readonly superseded: ReadonlyMap<string, Tally>;
}

/** Counts the states from a place to another: by state, those that stand and then those that are superseded. */
function countStates({ masters, states }: DayStates, superseded: Uint8Array, start: number, end: number): Uint32Array {
  const counts = new Uint32Array(masters.length * OUTCOME_COUNT * 2);
  for (let place = start; place < end; place += 1) {
    const index = (states[place] ?? 0) * 2 + (superseded[place] ?? 0);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** The durations of groups: of each master those of states that stand, then those of superseded ones. */
class GroupDurations {
  readonly sum: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;

  constructor(masters: number) {
    const column = () => new Float64Array(2 * masters);
    [this.sum, this.min, this.max] = [column(), column().fill(Number.POSITIVE_INFINITY), column()];
  }
}

/**
 * Adds up the durations of a day, which are in order, or parts of them. A loop of its own: with what follows it in one function, V8
 * throws its machine code away at the end of a day.
 */
function addDurations(day: DayStates, superseded: Uint8Array, micros: Float64Array, to: GroupDurations): void {
  const { states } = day;
  const { sum, min, max } = to;
  for (let place = 0; place < micros.length; place += 1) {
    const group = ((states[place] ?? 0) >>> OUTCOME_BITS) * 2 + (superseded[place] ?? 0);
    const duration = micros[place] ?? 0;
    sum[group] = (sum[group] ?? 0) + duration;
    if (duration < (min[group] ?? 0)) min[group] = duration;
    max[group] = duration;
  }
}

function durationsOf(day: DayStates, superseded: Uint8Array, micros: Float64Array): GroupDurations {
  const durations = new GroupDurations(day.masters.length);
  addDurations(day, superseded, micros, durations);
  return durations;
}

/** Whether the sum of durations in order is whole in a double. */
function isSafeSum(micros: Float64Array): boolean {
  return (micros.at(-1) ?? 0) * micros.length <= Number.MAX_SAFE_INTEGER;
}

/** The sums of groups' durations of any size. */
function exactSums(day: DayStates, superseded: Uint8Array, micros: Float64Array): (group: number) => bigint {
  const sumsOf = (part: (duration: number) => number) => durationsOf(day, superseded, micros.map(part)).sum;
  const [high, low] = [sumsOf((duration) => Math.floor(duration / LOW)), sumsOf((duration) => duration % LOW)];
  return (group) => BigInt(high[group] ?? 0) * BigInt(LOW) + BigInt(low[group] ?? 0);
}

/** Counts the states of a day, as `tallyColumns` counts rows. */
export function talliesOf(day: DayStates, superseded: Uint8Array): DayTallies {
  const { masters, micros } = day;
  const [fastEnd, slowStart] = [durationsBelow(micros, FAST_BELOW), durationsBelow(micros, SLOW_ABOVE + 1)];
  const end = durationsBelow(micros, Number.POSITIVE_INFINITY);
  const fast = countStates(day, superseded, 0, fastEnd);
  const normal = countStates(day, superseded, fastEnd, slowStart);
  const slow = countStates(day, superseded, slowStart, end);
  const untimed = countStates(day, superseded, end, micros.length);
  const timed = micros.subarray(0, end);
  const { sum, min, max } = durationsOf(day, superseded, timed);
  const sumAt = isSafeSum(timed) ? (group: number) => BigInt(sum[group] ?? 0) : exactSums(day, superseded, timed);
  const tallyAt = (master: number, offset: 0 | 1): Tally | null => {
    const count = (counts: readonly Uint32Array[], bits = 0) => {
      let sum = 0;
      for (let outcome = bits; outcome < OUTCOME_COUNT; outcome += 1) {
        if ((outcome & bits) !== bits) continue;
        for (const column of counts) sum += column[(master * OUTCOME_COUNT + outcome) * 2 + offset] ?? 0;
      }
      return sum;
    };
    const every = [fast, normal, slow, untimed];
    const total = count(every);
    if (total === 0) return null;
    const group = 2 * master + offset;
    const durations = count([fast, normal, slow]);
    return {
      total,
      completed: count(every, OUTCOMES.completed),
      failed: count(every, OUTCOMES.failed),
      cancelled: count(every, OUTCOMES.cancelled),
      durations,
      sum: sumAt(group),
      min: durations === 0 ? null : BigInt(min[group] ?? 0),
      max: durations === 0 ? null : BigInt(max[group] ?? 0),
      fast: count([fast]),
      slow: count([slow]),
    };
  };
  const tallies = (offset: 0 | 1) =>
    new Map(
      masters.flatMap((master, index) => {
        const tally = tallyAt(index, offset);
        return tally === null ? [] : [[master, tally] as const];
      }),
    );
  return { standing: tallies(0), superseded: tallies(1) };
}

/** The tally of a whole day, each task in its state of that day. */
export function wholeDay({ standing, superseded }: DayTallies): Tally {
  return [...standing.values(), ...superseded.values()].reduce((sum, tally) => addTally(sum, tally), NO_TASKS);
}
