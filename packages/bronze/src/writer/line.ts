import { isUtf8 } from "node:buffer";
import { copyMembers } from "../json/compact.ts";
import { NINE, ZERO } from "../scanner/bytes.ts";
import type { ObjectLines } from "../scanner/object-lines.ts";
import type { Block } from "./block.ts";
import type { IngestionClock } from "./clock.ts";

/** Writes bronze lines: a record's text, then the fields that bronze adds. */
export class LineWriter {
  readonly #clock: IngestionClock;
  readonly #source: string;
  /** `,"ingested_at":…}` and a line feed, for the clock's second; `#digits` is where the microseconds stand. */
  #fields = Buffer.alloc(0);
  #digits = 0;
  #second = Number.NaN;

  /** `sourceFile`: what `source_file` says; null for none. */
  constructor(clock: IngestionClock, sourceFile: string | null) {
    this.#clock = clock;
    this.#source = sourceFile === null ? "" : `,"source_file":${JSON.stringify(Buffer.from(sourceFile).toString())}`;
  }

  /** A well-formed object, token for token. `spread`: without the white space between its tokens. */
  object(block: Block, bytes: Buffer, start: number, end: number, spread: boolean): void {
    block.reserve(end - start + this.#stamp());
    const to = copyMembers(bytes, start, end, spread, block.bytes, block.length);
    this.#finish(block, to, to === block.length + 1);
  }

  /**
   * The objects from number `first` on, for which the clock gave the first of their times, up to the end of its second.
   *
   * @returns how many were written
   */
  objects(block: Block, { bytes, start, ends, separator }: ObjectLines, first: number): number {
    // The fields go in the place of the last bracket and the separator.
    const removed = 1 + separator;
    const added = this.#stamp() - removed;
    const count = 1 + this.#clock.advance(ends.length - first - 1);
    const from = ends[first - 1] ?? start;
    const until = ends[first + count - 1] ?? from;
    block.reserve(until - from + count * added);
    bytes.copy(block.bytes, block.length, from, until);
    const shift = block.length - from;
    this.#writeMicros(this.#clock.micros);
    // The last one first, so that none is overwritten before it has moved.
    for (let line = count - 1; line >= 0; line--) {
      const lineStart = (line === 0 ? from : (ends[first + line - 1] ?? 0)) + shift;
      const lineEnd = (ends[first + line] ?? 0) + shift - removed;
      block.bytes.copyWithin(lineStart + line * added, lineStart, lineEnd);
      if (line < count - 1) this.#decreaseMicros();
      this.#fields.copy(block.bytes, lineEnd + line * added);
    }
    block.length += until - from + count * added;
    block.lines += count;
    return count;
  }

  /** Text, or bytes that are none, as one string. `error`: why it is no object; null when nothing is wrong with it. */
  raw(block: Block, bytes: Buffer, start: number, end: number, error: string | null): void {
    const content = bytes.subarray(start, end);
    const valid = isUtf8(content);
    const wrapped = valid ? { raw: content.toString() } : { raw_base64: content.toString("base64") };
    const text = JSON.stringify(error === null ? wrapped : { ...wrapped, raw_error: error });
    const size = Buffer.byteLength(text);
    block.reserve(size + this.#stamp());
    block.rawLines.push(block.lines);
    this.#finish(block, block.length + block.bytes.write(text, block.length) - 1, false);
  }

  #finish(block: Block, to: number, isEmpty: boolean): void {
    block.length = to + this.#fields.copy(block.bytes, to, isEmpty ? 1 : 0);
    block.lines++;
  }

  /** Brings the fields to the clock's time; returns their length. */
  #stamp(): number {
    const clock = this.#clock;
    if (clock.second !== this.#second) {
      const before = `,"ingested_at":"${clock.before}`;
      this.#fields = Buffer.from(`${before}000000${clock.after}","layer":"bronze"${this.#source}}\n`);
      this.#digits = before.length;
      this.#second = clock.second;
    }
    this.#writeMicros(clock.micros);
    return this.#fields.length;
  }

  #decreaseMicros(): void {
    let index = this.#digits + 5;
    while (this.#fields[index] === ZERO) this.#fields[index--] = NINE;
    this.#fields[index] = (this.#fields[index] ?? 0) - 1;
  }

  #writeMicros(micros: number): void {
    let rest = micros;
    for (let index = this.#digits + 5; index >= this.#digits; index--) {
      const tens = Math.floor(rest / 10);
      this.#fields[index] = ZERO + rest - tens * 10;
      rest = tens;
    }
  }
}
