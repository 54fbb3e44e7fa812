import { addTally, FAST_BELOW, NO_TASKS, SLOW_ABOVE, type Tally } from "../numbers/tally.ts";
import { type DayStates, OUTCOME_BITS, OUTCOMES } from "./states.ts";

/** Sums of numbers of so many bits, and of what is above, are whole in a double. */
const LOW = 2 ** 24;
const OUTCOME_COUNT = 2 ** OUTCOME_BITS;

/** How the tasks of a day ended, by master: those that stand, and those that a later day supersedes. */
export interface DayTallies {
  readonly standing: ReadonlyMap<string, Tally>;
  readonly superseded: ReadonlyMap<string, Tally>;
}

/** Counts the states of a day, as `tallyColumns` counts rows. */
export function talliesOf({ masters, micros, states }: DayStates, superseded: Uint8Array): DayTallies {
  const groups = masters.length * 2;
  const outcomes = new Float64Array(groups * OUTCOME_COUNT);
  const column = () => new Float64Array(groups);
  const [durations, low, high, fast, slow] = [column(), column(), column(), column(), column()];
  const [min, max] = [column().fill(Number.POSITIVE_INFINITY), column()];
  for (let place = 0; place < states.length; place += 1) {
    const state = states[place] ?? 0;
    const group = (state >>> OUTCOME_BITS) * 2 + (superseded[place] ?? 0);
    count(outcomes, group * OUTCOME_COUNT + (state & (OUTCOME_COUNT - 1)), 1);
    const duration = micros[place] ?? Number.NaN;
    if (Number.isNaN(duration)) continue;
    const above = Math.floor(duration / LOW);
    count(durations, group, 1);
    count(high, group, above);
    count(low, group, duration - above * LOW);
    if (duration < FAST_BELOW) count(fast, group, 1);
    else if (duration > SLOW_ABOVE) count(slow, group, 1);
    if (duration < (min[group] ?? 0)) min[group] = duration;
    if (duration > (max[group] ?? 0)) max[group] = duration;
  }
  const tallyAt = (group: number): Tally => {
    const having = (bits: number) => {
      let sum = 0;
      for (let outcome = bits; outcome < OUTCOME_COUNT; outcome += 1) {
        if ((outcome & bits) === bits) sum += outcomes[group * OUTCOME_COUNT + outcome] ?? 0;
      }
      return sum;
    };
    const some = durations[group] !== 0;
    return {
      total: having(0),
      completed: having(OUTCOMES.completed),
      failed: having(OUTCOMES.failed),
      cancelled: having(OUTCOMES.cancelled),
      durations: durations[group] ?? 0,
      sum: BigInt(high[group] ?? 0) * BigInt(LOW) + BigInt(low[group] ?? 0),
      min: some ? BigInt(min[group] ?? 0) : null,
      max: some ? BigInt(max[group] ?? 0) : null,
      fast: fast[group] ?? 0,
      slow: slow[group] ?? 0,
    };
  };
  const tallies = (offset: 0 | 1) =>
    new Map(
      masters.flatMap((master, index) => {
        const tally = tallyAt(index * 2 + offset);
        return tally.total === 0 ? [] : [[master, tally] as const];
      }),
    );
  return { standing: tallies(0), superseded: tallies(1) };
}

/** The tally of a whole day, each task in its state of that day. */
export function wholeDay({ standing, superseded }: DayTallies): Tally {
  return [...standing.values(), ...superseded.values()].reduce((sum, tally) => addTally(sum, tally), NO_TASKS);
}

function count(counts: Float64Array, index: number, more: number): void {
  counts[index] = (counts[index] ?? 0) + more;
}
