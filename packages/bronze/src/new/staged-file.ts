import type { Lake } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { bronzePath, resolveInLake } from "@medallion/lake/layout";
import type { ByteWriter } from "@medallion/lake/storage";
import type { RecordSink } from "../reader/records.ts";
import type { ObjectLines } from "../scanner/object-lines.ts";
import type { BronzeTarget } from "../writer/appender.ts";
import { Block, type Tally } from "../writer/block.ts";
import type { IngestionClock } from "../writer/clock.ts";
import { LineWriter } from "../writer/line.ts";

const FLUSH_BYTES = 2 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 4 * 1024;

/** Lines of the staged file for one bronze file. */
export interface StagedLines {
  readonly from: number;
  to: number;
  readonly file: LakePath;
}

/** Lines that are written here before they go to bronze. */
export class StagedFile {
  /** In the order of the file; what was discarded lies in none. Complete after `flush`. */
  segments: StagedLines[] = [];
  readonly #path: LakePath;
  readonly #lake: Lake;
  #writer: ByteWriter | null = null;
  #written = 0;
  readonly #blocks = new Map<LakePath, Block>();

  constructor(lake: Lake, path: LakePath) {
    this.#lake = lake;
    this.#path = path;
  }

  /** Bytes written or about to be. */
  get size(): number {
    return this.#written + this.#waiting();
  }

  /** The block that takes the next line of a bronze file. */
  block(file: LakePath): Block {
    const found = this.#blocks.get(file);
    if (found !== undefined) return found;
    const block = new Block("", null, Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES));
    this.#blocks.set(file, block);
    return block;
  }

  /** To be asked after each line: a promise to wait for before the next one, or null. */
  ready(): Promise<void> | null {
    return this.#waiting() < FLUSH_BYTES ? null : this.flush();
  }

  async flush(): Promise<void> {
    const blocks = [...this.#blocks];
    this.#blocks.clear();
    for (const [file, block] of blocks) {
      if (block.lines === 0) continue;
      this.#writer ??= await this.#lake.storage.openForWriting(await resolveInLake(this.#lake, this.#path));
      await this.#writer.write(block.bytes.subarray(1, block.length));
      const from = this.#written;
      this.#written += block.length - 1;
      const last = this.segments.at(-1);
      if (last?.file === file && last.to === from) last.to = this.#written;
      else this.segments.push({ from, to: this.#written, file });
    }
  }

  /** Leaves out the lines from byte `from` on, which is where a flush ended. */
  async discard(from: number): Promise<void> {
    await this.flush();
    this.segments = this.segments.filter((segment) => segment.from < from);
    const last = this.segments.at(-1);
    if (last !== undefined && last.to > from) last.to = from;
  }

  /** Makes what was written durable. */
  async finish(): Promise<void> {
    await this.flush();
    if (this.#writer === null) return;
    await this.close();
    await this.#lake.storage.sync(await resolveInLake(this.#lake, this.#path));
  }

  /** Begins anew, with an empty file. */
  async clear(): Promise<void> {
    await this.close();
    this.#written = 0;
    this.segments = [];
    await this.#lake.storage.remove(await resolveInLake(this.#lake, this.#path));
  }

  async close(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.close();
  }

  #waiting(): number {
    let bytes = 0;
    for (const block of this.#blocks.values()) bytes += block.length - 1;
    return bytes;
  }
}

/** Stages the records of one source, and counts them. */
export class StagedSink implements RecordSink {
  readonly #file: StagedFile;
  readonly #target: BronzeTarget;
  readonly #clock: IngestionClock;
  readonly #line: LineWriter;
  readonly #tally: Tally;

  constructor(file: StagedFile, target: BronzeTarget, clock: IngestionClock, sourceFile: string, tally: Tally) {
    this.#file = file;
    this.#target = target;
    this.#clock = clock;
    this.#line = new LineWriter(clock, sourceFile);
    this.#tally = tally;
  }

  object(bytes: Buffer, start: number, end: number, spread: boolean): void {
    const block = this.#block();
    const before = block.length;
    this.#line.object(block, bytes, start, end, spread);
    this.#count(1, block.length - before);
  }

  lines(lines: ObjectLines): void {
    let written = 0;
    while (written < lines.ends.length) {
      const block = this.#block();
      const before = block.length;
      const count = this.#line.objects(block, lines, written);
      this.#count(count, block.length - before);
      written += count;
    }
  }

  raw(bytes: Buffer, start: number, end: number, error: string | null): void {
    const block = this.#block();
    const before = block.length;
    this.#line.raw(block, bytes, start, end, error);
    this.#count(1, block.length - before);
    this.#tally.raw++;
  }

  ready(): Promise<void> | null {
    return this.#file.ready();
  }

  #block(): Block {
    this.#clock.tick();
    return this.#file.block(bronzePath(this.#target.folder, this.#clock.day, this.#target.part));
  }

  #count(records: number, bytes: number): void {
    this.#tally.records += records;
    this.#tally.bytes += bytes;
  }
}
