import { isUtf8 } from "node:buffer";
import { copyMembers } from "../json/compact.ts";
import { ZERO } from "../scanner/bytes.ts";
import type { ObjectLines } from "../scanner/object-lines.ts";
import type { Block } from "./block.ts";
import type { IngestionClock } from "./clock.ts";

const LINE_END = /\}\n/g;
const LINE_END_BYTES = 2;

/** Writes bronze lines: a record's text, then the fields that bronze adds. */
export class LineWriter {
  readonly #clock: IngestionClock;
  readonly #source: string;
  /** `,"ingested_at":…}` and a line feed, for the clock's second; `#digits` is where the microseconds stand. */
  #fields = Buffer.alloc(0);
  #digits = 0;
  /** The same, with any microseconds, as what `replace` puts in the place of the end of a line of latin1 text. */
  #replacement = "";
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
   * The lines from number `first` on, for which the clock gave the first of their times, up to the end of its second.
   *
   * @returns how many were written
   */
  objects(block: Block, { text, ends }: ObjectLines, first: number): number {
    const size = this.#stamp();
    const firstMicros = this.#clock.micros;
    const count = 1 + this.#clock.advance(ends.length - first - 1);
    const start = ends[first - 1] ?? 0;
    const written = text.slice(start, ends[first + count - 1]).replace(LINE_END, this.#replacement);
    block.reserve(written.length);
    block.bytes.write(written, block.length, "latin1");
    // Each of the lines before has grown by what stands in the place of its end.
    let shift = block.length - start - LINE_END_BYTES + this.#digits;
    for (let line = 0; line < count; line++) {
      writeMicros(block.bytes, (ends[first + line] ?? 0) + shift, firstMicros + line);
      shift += size - LINE_END_BYTES;
    }
    block.length += written.length;
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
      this.#replacement = this.#fields.toString("latin1").replaceAll("$", "$$$$");
      this.#second = clock.second;
    }
    writeMicros(this.#fields, this.#digits, clock.micros);
    return this.#fields.length;
  }
}

/** Writes six digits. */
function writeMicros(bytes: Uint8Array, at: number, micros: number): void {
  let rest = micros;
  for (let index = at + 5; index >= at; index--) {
    const tens = Math.floor(rest / 10);
    bytes[index] = ZERO + rest - tens * 10;
    rest = tens;
  }
}
