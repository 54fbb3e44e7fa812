import type { Lake } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { BronzeError, messageOf } from "../errors.ts";
import { checkRecordSize, DEFAULT_LIMITS, type Limits } from "../limits.ts";
import { describeFailure, nameOfKind } from "../reader/failure.ts";
import { OPEN_BRACE, skipWhiteSpace } from "../scanner/bytes.ts";
import { JsonScanner } from "../scanner/scanner.ts";
import { Appender, type BronzeTarget } from "./appender.ts";
import { systemMicros } from "./clock.ts";
import { LineWriter } from "./line.ts";

/** Where a record is kept. */
export interface Receipt {
  readonly file: LakePath;
  readonly day: Day;
  /** As it stands in the line: RFC 3339 with offset and microseconds. */
  readonly ingestedAt: string;
  /** The record is kept as text, in `raw` or `raw_base64`. */
  readonly raw: boolean;
}

/** How a writer is opened; all of it may be left out. */
export interface WriterOptions {
  /** Microseconds since the epoch. Default: the system's clock. */
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
}

/** Appends records to one target. Any number of writers, in any number of processes, may append to the same one. */
export interface BronzeWriter {
  /**
   * Appends one record: JSON text, its UTF-8 bytes, or a value for `JSON.stringify`. Text is kept token for token; what is not
   * exactly one JSON object is kept as `raw`. Resolves when the record is on disk. Records appended while others are being
   * synced go to disk together.
   *
   * @throws BronzeError `RECORD_INVALID` for a value that JSON cannot express, `RECORD_TOO_LARGE`, `WRITER_CLOSED`, and
   * `APPEND_FAILED` when the storage refuses. A refused record may be appended again.
   */
  append(record: string | Uint8Array | object): Promise<Receipt>;
  /** Returns when everything appended before is on disk or refused. */
  close(): Promise<void>;
}

/**
 * Opens a writer. Nothing is created before the first record.
 *
 * @throws LakeError `NAME_INVALID` for a target that cannot be a file name
 */
export function openWriter(lake: Lake, target: BronzeTarget, options: WriterOptions = {}): BronzeWriter {
  return new RecordWriter(lake, target, options);
}

class RecordWriter implements BronzeWriter {
  readonly #appender: Appender;
  readonly #line: LineWriter;
  readonly #scanner: JsonScanner;
  readonly #recordBytes: number;
  #closed = false;

  constructor(lake: Lake, target: BronzeTarget, options: WriterOptions) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#appender = new Appender(lake, target, { now: options.now ?? systemMicros, stopAtFailure: false });
    this.#line = new LineWriter(this.#appender.clock, null);
    this.#scanner = new JsonScanner(limits.nesting);
    this.#recordBytes = limits.recordBytes;
  }

  append(record: string | Uint8Array | object): Promise<Receipt> {
    // What is thrown in here refuses the record. One promise for each is enough to wait for.
    return new Promise((kept, lost) => {
      if (this.#closed) {
        throw new BronzeError("WRITER_CLOSED", "The writer is closed. Open another one with openWriter.", {});
      }
      const bytes = toBytes(record);
      checkRecordSize(bytes.length, this.#recordBytes);
      const receipt = this.#appendBytes(bytes);
      this.#appender.wait(() => kept(receipt), lost);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#appender.close();
  }

  #appendBytes(bytes: Buffer): Receipt {
    const scanner = this.#scanner;
    const start = skipWhiteSpace(bytes, 0, bytes.length);
    scanner.begin(start, 1, 0);
    const isJson = scanner.scan(bytes, bytes.length, true) === "whole";
    const end = scanner.at;
    if (isJson) scanner.at = skipWhiteSpace(bytes, end, bytes.length);
    const isWhole = isJson && scanner.at === bytes.length;
    if (isJson && !isWhole) scanner.expected = "nothing after the record";
    const isObject = isWhole && bytes[start] === OPEN_BRACE;
    const isRaw = !isObject || scanner.reserved || scanner.wrapperOnly;

    const block = this.#appender.block(null);
    if (!isRaw) this.#line.object(block, bytes, start, end, scanner.spread);
    else if (isObject) this.#line.raw(block, bytes, start, end, null);
    else {
      const notObject = `not a JSON object: ${nameOfKind(bytes[start] ?? 0)}`;
      const error = isWhole ? notObject : describeFailure(bytes, bytes.length, scanner);
      this.#line.raw(block, bytes, 0, bytes.length, error);
    }
    const { path, clock } = this.#appender;
    return { file: path, day: clock.day, ingestedAt: clock.text(), raw: isRaw };
  }
}

function toBytes(record: string | Uint8Array | object): Buffer {
  if (typeof record === "string") return encode(record);
  if (record instanceof Uint8Array) return Buffer.from(record);
  let text: unknown;
  try {
    text = JSON.stringify(record);
  } catch (error) {
    throw invalid(messageOf(error), error);
  }
  if (typeof text !== "string") throw invalid("it has no JSON text", undefined);
  return encode(text);
}

function invalid(reason: string, cause: unknown): BronzeError {
  const message = `Expected a record that JSON can express, found one that it cannot: ${reason}.`;
  return new BronzeError("RECORD_INVALID", message, { reason }, { cause });
}

/** UTF-8; half of a surrogate pair becomes the three bytes that UTF-8 would have for it, so that it can be told from others. */
function encode(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const pieces = text.split(/(\p{Surrogate})/u);
  return Buffer.concat(
    pieces.map((piece, index) => {
      if (index % 2 === 0) return Buffer.from(piece);
      const unit = piece.charCodeAt(0);
      return Buffer.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
    }),
  );
}
