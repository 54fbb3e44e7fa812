/** Words of 32 bits in the key of a task. */
export const KEY_WORDS = 4;
/** Bits of a state below the place of its master: completed, failed, cancelled. */
export const OUTCOME_BITS = 3;

/** How a task ended, as bits of its state. */
export const OUTCOMES = { completed: 1, failed: 2, cancelled: 4 } as const;

/**
 * The tasks of a day, each in its latest state of that day, by column: a task has the same place in all of them. They are
 * in the order of their keys.
 */
export interface DayStates {
  /** In order. */
  readonly masters: readonly string[];
  /** The first 128 bits of the SHA-256 of the task's id, the most significant 32 first. */
  readonly keys: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  /** Durations, whole; NaN where there is none. */
  readonly micros: Float64Array;
  /** The place of the master in `masters`, above the bits of `OUTCOMES`. */
  readonly states: Uint32Array;
}
