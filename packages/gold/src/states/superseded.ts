import type { DayStates } from "./states.ts";

/** So many states are compared at a time that what they need stays in the caches of a processor. */
const PART_STATES = 4096;
const MOST_PART_BITS = 16;
const WORD_BITS = 32;

/** Which states are superseded, by a state of the same task on a later day: 1 for each that is, by day and place. */
export function supersededStates(days: readonly DayStates[]): Uint8Array[] {
  const count = days.reduce((sum, { states }) => sum + states.length, 0);
  const bits = Math.min(MOST_PART_BITS, Math.max(1, Math.ceil(Math.log2(count / PART_STATES))));
  const superseded = days.map(({ states }) => new Uint8Array(states.length));
  const seen = new SeenTasks(days, superseded);
  const starts = new Uint32Array(days.length);
  const ends = new Uint32Array(days.length);
  // Keys are in order, so that those that begin alike lie together on each day.
  for (let part = 1; part <= 2 ** bits; part += 1) {
    const bound = part * 2 ** (WORD_BITS - bits);
    let size = 0;
    days.forEach(({ keys: [first] }, day) => {
      const start = ends[day] ?? 0;
      let end = start;
      while (end < first.length && (first[end] ?? 0) < bound) end += 1;
      starts[day] = start;
      ends[day] = end;
      size += end - start;
    });
    seen.begin(size);
    days.forEach((_, day) => {
      seen.add(day, starts[day] ?? 0, ends[day] ?? 0);
    });
  }
  return superseded;
}

/** A hash table of the last state of each task, with open addressing. Keys are hashes already. */
class SeenTasks {
  readonly #days: readonly DayStates[];
  readonly #superseded: readonly Uint8Array[];
  #mask = 0;
  /** Of each slot the day plus 1, and 0 where it is empty; the place on that day; the second word of the key. */
  #day = new Uint32Array(0);
  #place = new Uint32Array(0);
  #word = new Uint32Array(0);

  constructor(days: readonly DayStates[], superseded: readonly Uint8Array[]) {
    this.#days = days;
    this.#superseded = superseded;
  }

  /** Forgets all tasks, and makes room for so many. */
  begin(size: number): void {
    if (2 * size <= this.#mask) {
      this.#day.fill(0);
      return;
    }
    const slots = 2 ** Math.ceil(Math.log2(2 * size + 2));
    this.#mask = slots - 1;
    this.#day = new Uint32Array(slots);
    this.#place = new Uint32Array(slots);
    this.#word = new Uint32Array(slots);
  }

  /** Adds states of a day, which is later than those before. */
  add(day: number, start: number, end: number): void {
    const [slotDay, slotPlace, slotWord, mask] = [this.#day, this.#place, this.#word, this.#mask];
    const words = this.#days[day]?.keys[1] ?? slotWord;
    for (let place = start; place < end; place += 1) {
      const word = words[place] ?? 0;
      let slot = word & mask;
      for (let other = slotDay[slot] ?? 0; other !== 0; other = slotDay[slot] ?? 0) {
        if (slotWord[slot] === word && this.#isSame(other - 1, slotPlace[slot] ?? 0, day, place)) {
          this.#supersede(other - 1, slotPlace[slot] ?? 0);
          break;
        }
        slot = (slot + 1) & mask;
      }
      slotDay[slot] = day + 1;
      slotPlace[slot] = place;
      slotWord[slot] = word;
    }
  }

  #isSame(day: number, place: number, otherDay: number, otherPlace: number): boolean {
    const [keys, others] = [this.#days[day]?.keys, this.#days[otherDay]?.keys];
    return keys?.every((words, index) => words[place] === others?.[index]?.[otherPlace]) ?? false;
  }

  #supersede(day: number, place: number): void {
    const ofDay = this.#superseded[day];
    if (ofDay !== undefined) ofDay[place] = 1;
  }
}
