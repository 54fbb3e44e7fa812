import type { Day } from "@medallion/lake/time";
import { LF } from "../scanner/bytes.ts";

/** Counts what became of the lines of one source. */
export interface Tally {
  /** Lines on disk. */
  records: number;
  /** Of those, lines with `raw` or `raw_base64`. */
  raw: number;
  /** Bytes of those lines. */
  bytes: number;
}

/** Someone who waits until a line is on disk. */
export interface Waiter {
  readonly line: number;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/** Lines of one day on their way to disk. The buffer begins with a line feed, for a file whose last line is torn. */
export class Block {
  readonly day: Day;
  readonly tally: Tally | null;
  readonly waiters: Waiter[] = [];
  /** Numbers, from 0, of the lines that are `raw`. */
  readonly rawLines: number[] = [];
  lines = 0;
  bytes: Buffer;
  length = 1;

  /** `bytes`: a buffer to fill, of at least one byte; the block may replace it by a larger one. */
  constructor(day: Day, tally: Tally | null, bytes: Buffer) {
    this.day = day;
    this.tally = tally;
    this.bytes = bytes;
    bytes[0] = LF;
  }

  /** Makes room for `more` bytes after `length`. */
  reserve(more: number): void {
    const wanted = this.length + more;
    if (wanted <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** The number of lines that end before `index`. */
  linesBefore(index: number): number {
    if (index === this.length) return this.lines;
    let lines = 0;
    for (let at = this.bytes.indexOf(LF, 1); at >= 0 && at < index; at = this.bytes.indexOf(LF, at + 1)) lines++;
    return lines;
  }
}
