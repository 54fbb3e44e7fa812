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

/** What is counted of each group: a master's states that stand, and those that are superseded. */
class GroupCounts {
  /** By group and outcome. */
  readonly outcomes: Float64Array;
  readonly durations: Float64Array;
  /** The sum of durations, in units of `LOW`, and of what is left of each. */
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly fast: Float64Array;
  readonly slow: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;

  constructor(groups: number) {
    const column = () => new Float64Array(groups);
    this.outcomes = new Float64Array(groups * OUTCOME_COUNT);
    [this.durations, this.high, this.low, this.fast, this.slow] = [column(), column(), column(), column(), column()];
    [this.min, this.max] = [column().fill(Number.POSITIVE_INFINITY), column()];
  }
}

/** A loop of its own: with what follows it in one function, V8 throws its machine code away at the end of each day. */
function countStates({ micros, states }: DayStates, superseded: Uint8Array, counts: GroupCounts): void {
  const { outcomes, durations, high, low, fast, slow, min, max } = counts;
  for (let place = 0; place < states.length; place += 1) {
    const state = states[place] ?? 0;
    const group = (state >>> OUTCOME_BITS) * 2 + (superseded[place] ?? 0);
    increase(outcomes, group * OUTCOME_COUNT + (state & (OUTCOME_COUNT - 1)), 1);
    const duration = micros[place] ?? Number.NaN;
    if (Number.isNaN(duration)) continue;
    const above = Math.floor(duration / LOW);
    increase(durations, group, 1);
    increase(high, group, above);
    increase(low, group, duration - above * LOW);
    if (duration < FAST_BELOW) increase(fast, group, 1);
    else if (duration > SLOW_ABOVE) increase(slow, group, 1);
    if (duration < (min[group] ?? 0)) min[group] = duration;
    if (duration > (max[group] ?? 0)) max[group] = duration;
  }
}

/** Counts the states of a day, as `tallyColumns` counts rows. */
export function talliesOf(day: DayStates, superseded: Uint8Array): DayTallies {
  const { masters } = day;
  const counts = new GroupCounts(masters.length * 2);
  countStates(day, superseded, counts);
  const { outcomes, durations, high, low, fast, slow, min, max } = counts;
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

function increase(counts: Float64Array, index: number, more: number): void {
  counts[index] = (counts[index] ?? 0) + more;
}
