import type { Lake } from "@medallion/lake";
import { bronzePath } from "@medallion/lake/layout";
import { copyMembers, isSpread } from "../json/compact.ts";
import { type StagedFile, StagedSink } from "../new/staged-file.ts";
import type { RecordSink } from "../reader/records.ts";
import { OPEN_BRACE } from "../scanner/bytes.ts";
import type { ObjectLines } from "../scanner/object-lines.ts";
import type { BronzeTarget } from "../writer/appender.ts";
import type { Tally } from "../writer/block.ts";
import type { IngestionClock } from "../writer/clock.ts";
import { bronzeFieldsOf } from "./bronze-fields.ts";
import { dayOfInstant } from "./day-of-instant.ts";

/** Stages the records of an older lake. Each that says when it was ingested keeps that, and goes to the file of that day. */
export class ImportSink implements RecordSink {
  readonly #lake: Lake;
  readonly #staged: StagedFile;
  readonly #target: BronzeTarget;
  readonly #tally: Tally;
  /** For what says nothing. */
  readonly #others: StagedSink;
  readonly #source: string;

  constructor(
    lake: Lake,
    staged: StagedFile,
    target: BronzeTarget,
    clock: IngestionClock,
    sourceFile: string,
    tally: Tally,
  ) {
    this.#lake = lake;
    this.#staged = staged;
    this.#target = target;
    this.#tally = tally;
    this.#others = new StagedSink(staged, target, clock, sourceFile, tally);
    this.#source = `,"source_file":${JSON.stringify(Buffer.from(sourceFile).toString())}`;
  }

  object(bytes: Buffer, start: number, end: number, spread: boolean): void {
    this.#others.object(bytes, start, end, spread);
  }

  lines(lines: ObjectLines): void {
    this.#others.lines(lines);
  }

  raw(bytes: Buffer, start: number, end: number, error: string | null): void {
    const isRecord = error === null && bytes[start] === OPEN_BRACE;
    if (!isRecord || !this.#keep(bytes, start, end)) this.#others.raw(bytes, start, end, error);
  }

  ready(): Promise<void> | null {
    return this.#staged.ready();
  }

  /** Keeps a record that was in bronze before; false for any other. */
  #keep(bytes: Buffer, start: number, end: number): boolean {
    const fields = bronzeFieldsOf(bytes, start, end);
    const day = fields === null ? null : dayOfInstant(fields.ingestedAt, this.#lake.timeZone);
    if (fields === null || day === null) return false;
    const added = `${fields.hasLayer ? "" : ',"layer":"bronze"'}${fields.hasSource ? "" : this.#source}}\n`;
    const block = this.#staged.block(bronzePath(this.#target.folder, day, this.#target.part));
    const before = block.length;
    block.reserve(end - start + Buffer.byteLength(added));
    const spread = isSpread(bytes.subarray(start, end));
    const to = copyMembers(bytes, start, end, spread, block.bytes, block.length);
    block.length = to + block.bytes.write(added, to);
    block.lines++;
    this.#tally.records++;
    this.#tally.bytes += block.length - before;
    if (fields.isRaw) this.#tally.raw++;
    return true;
  }
}
