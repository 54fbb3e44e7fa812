import { type Day, dayOfMicros, formatInstant } from "@medallion/lake/time";

const SECOND = 1_000_000;

/** Microseconds since the epoch, in the steps of the system's clock. */
export function systemMicros(): number {
  return Date.now() * 1000;
}

/**
 * The ingestion times of one writer: each later than the one before, by at least a microsecond, whatever the system's clock
 * does. Day and text are in the lake's time zone.
 */
export class IngestionClock {
  /** The time last given, its day, and how it is written. */
  day: Day = "";
  /** The microseconds within the second. */
  micros = 0;
  /** The text before and after the six digits of the microseconds. */
  before = "";
  after = "";
  /** Changes with `before`, `after` and `day`. */
  second = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  readonly #timeZone: string;
  readonly #now: () => number;

  constructor(timeZone: string, now: () => number) {
    this.#timeZone = timeZone;
    this.#now = now;
  }

  /** Goes on to the next time. */
  tick(): void {
    this.#last = Math.max(Math.floor(this.#now()), this.#last + 1);
    const second = Math.floor(this.#last / SECOND);
    this.micros = this.#last - second * SECOND;
    if (second === this.second) return;
    const instant = BigInt(second * SECOND);
    const text = formatInstant(instant, this.#timeZone);
    const digits = text.lastIndexOf(".") + 1;
    this.before = text.slice(0, digits);
    this.after = text.slice(digits + 6);
    this.day = dayOfMicros(instant, this.#timeZone);
    this.second = second;
  }

  /**
   * Goes on by up to `most` times, a microsecond after each other, within the second of the time last given.
   *
   * @returns by how many
   */
  advance(most: number): number {
    const times = Math.min(most, SECOND - 1 - this.micros);
    this.#last += times;
    this.micros += times;
    return times;
  }

  /** The time last given, as it stands in `ingested_at`. */
  text(): string {
    return `${this.before}${String(this.micros).padStart(6, "0")}${this.after}`;
  }
}
