/** Words of 32 bits in the key of a task. */
export const KEY_WORDS = 4;
/** Bits of a state below the place of its master: completed, failed, cancelled. */
export const OUTCOME_BITS = 3;

/** How a task ended, as bits of its state. */
export const OUTCOMES = { completed: 1, failed: 2, cancelled: 4 } as const;

/**
 * The tasks of a day, each in its latest state of that day, by column, in two orders. Durations and states are in the order of
 * durations, and where these are equal in that of keys, so that percentiles are found by search. Keys are in their own
 * order, so that those of several days are compared part by part.
 */
export interface DayStates {
  /** In order. */
  readonly masters: readonly string[];
  /** Durations, whole; NaN, behind all others, where there is none. */
  readonly micros: Float64Array;
  /** By the place of a duration: the place of the master in `masters`, above the bits of `OUTCOMES`. */
  readonly states: Uint32Array;
  /** The first 128 bits of the SHA-256 of the task's id, the most significant 32 first. */
  readonly keys: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  /** Of the task of each key, the place of its duration and its state. */
  readonly places: Uint32Array;
}

/** How many of the durations of a day are below a number. */
export function durationsBelow(micros: Float64Array, bound: number): number {
  let [start, end] = [0, micros.length];
  while (start < end) {
    const middle = (start + end) >>> 1;
    // What is no number is below nothing.
    if ((micros[middle] ?? Number.NaN) < bound) start = middle + 1;
    else end = middle;
  }
  return start;
}
