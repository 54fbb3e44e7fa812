import type { DayStates } from "./states.ts";

/** So many states are compared at a time that what they need stays in the caches of a processor. */
const PART_STATES = 2 ** 17;
const MOST_PART_BITS = 16;
const WORD_BITS = 32;
/** Bits of a key, behind those that its part has in common, that are looked at first. Few of a part's states share them by chance. */
const FILTER_BITS = 22;
const NONE = new Int32Array(0);

/** Which states are superseded, by a state of the same task on a later day: 1 for each that is, by day and place in its `states`. */
export function supersededStates(days: readonly DayStates[]): Uint8Array[] {
  const count = days.reduce((sum, { states }) => sum + states.length, 0);
  const bits = Math.min(MOST_PART_BITS, Math.max(1, Math.ceil(Math.log2(count / PART_STATES))));
  const found = new Uint8Array(count);
  let end = 0;
  const superseded = days.map(({ states }) => {
    end += states.length;
    return found.subarray(end - states.length, end);
  });
  const filter = new KeyFilter(bits);
  const seen = new SeenTasks(days, superseded);
  const firsts = days.map(({ keys: [{ buffer, byteOffset, length }] }) => new Int32Array(buffer, byteOffset, length));
  const [starts, ends] = [new Uint32Array(days.length), new Uint32Array(days.length)];
  // Keys are in order, so that those that begin alike lie together on each day.
  for (let part = 0; part < 2 ** bits; part += 1) {
    starts.set(ends);
    filter.begin(part);
    for (let day = 0; day < days.length; day += 1) ends[day] = filter.add(firsts[day] ?? NONE, starts[day] ?? 0);
    const repeated = firsts.map((first, day) => filter.repeated(first, starts[day] ?? 0, ends[day] ?? 0));
    seen.begin(repeated.reduce((sum, places) => sum + places.length, 0));
    repeated.forEach((places, day) => {
      seen.add(day, places);
    });
  }
  return superseded;
}

/** Finds the keys of a part whose beginning another key of the part may have, too: all that are there twice, and few others. */
class KeyFilter {
  readonly #partBits: number;
  #part = 0;
  /** A bit for each beginning: whether there is a key with it, and whether there are more than one. */
  readonly #once = new Int32Array(2 ** FILTER_BITS / WORD_BITS);
  readonly #again = new Int32Array(2 ** FILTER_BITS / WORD_BITS);

  /** @param partBits bits that all keys of a part begin with; at least 1 */
  constructor(partBits: number) {
    this.#partBits = partBits;
  }

  /** Forgets all keys, for those of a part. */
  begin(part: number): void {
    this.#part = part;
    this.#once.fill(0);
    this.#again.fill(0);
  }

  /**
   * Adds a day's keys of the part, which begin at a place; returns the place behind them.
   * @param first the first words of the day's keys; signed, since V8 throws machine code away when such a word is the first above 2^31
   */
  add(first: Int32Array, start: number): number {
    const [once, again, part, partBits] = [this.#once, this.#again, this.#part, this.#partBits];
    let place = start;
    for (; place < first.length; place += 1) {
      const word = first[place] ?? 0;
      if (word >>> (WORD_BITS - partBits) !== part) break;
      const beginning = (word << partBits) >>> (WORD_BITS - FILTER_BITS);
      const [slot, bit] = [beginning >>> 5, 1 << (beginning & 31)];
      const known = once[slot] ?? 0;
      again[slot] = (again[slot] ?? 0) | (known & bit);
      once[slot] = known | bit;
    }
    return place;
  }

  /** The places of a day's keys of the part, all of which were added, whose beginning was there more than once. */
  repeated(first: Int32Array, start: number, end: number): number[] {
    const [again, partBits] = [this.#again, this.#partBits];
    const places: number[] = [];
    for (let place = start; place < end; place += 1) {
      const beginning = ((first[place] ?? 0) << partBits) >>> (WORD_BITS - FILTER_BITS);
      if (((again[beginning >>> 5] ?? 0) & (1 << (beginning & 31))) !== 0) places.push(place);
    }
    return places;
  }
}

/** A hash table of the last state of each task, with open addressing. Keys are hashes already. */
class SeenTasks {
  readonly #days: readonly DayStates[];
  readonly #superseded: readonly Uint8Array[];
  #mask = 0;
  /** Of each slot the day plus 1, and 0 where it is empty; the place of the key on that day; the second word of the key. */
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

  /** Adds tasks of a day, which is later than those before, by the places of their keys. */
  add(day: number, places: readonly number[]): void {
    const [slotDay, slotPlace, slotWord, mask] = [this.#day, this.#place, this.#word, this.#mask];
    const words = this.#days[day]?.keys[1] ?? slotWord;
    for (const place of places) {
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
    const [ofDay, to] = [this.#superseded[day], this.#days[day]?.places[place]];
    if (ofDay !== undefined && to !== undefined) ofDay[to] = 1;
  }
}
