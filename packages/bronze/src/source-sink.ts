import type { RecordSink } from "./reader/records.ts";
import type { ObjectLines } from "./scanner/object-lines.ts";
import type { Appender } from "./writer/appender.ts";
import type { Tally } from "./writer/block.ts";
import { LineWriter } from "./writer/line.ts";

/** Brings the records of one source to the lake. */
export class SourceSink implements RecordSink {
  /** What is on disk; final after the appender was flushed. */
  readonly tally: Tally = { records: 0, raw: 0, bytes: 0 };
  readonly #appender: Appender;
  readonly #line: LineWriter;

  constructor(appender: Appender, sourceFile: string | null) {
    this.#appender = appender;
    this.#line = new LineWriter(appender.clock, sourceFile);
  }

  object(bytes: Buffer, start: number, end: number, spread: boolean): void {
    this.#line.object(this.#appender.block(this.tally), bytes, start, end, spread);
  }

  lines(lines: ObjectLines): void {
    let written = 0;
    while (written < lines.ends.length) {
      written += this.#line.objects(this.#appender.block(this.tally), lines, written);
    }
  }

  raw(bytes: Buffer, start: number, end: number, error: string | null): void {
    this.#line.raw(this.#appender.block(this.tally), bytes, start, end, error);
  }

  ready(): Promise<void> | null {
    if (this.#appender.failure !== null) throw this.#appender.failure;
    return this.#appender.ready();
  }
}
