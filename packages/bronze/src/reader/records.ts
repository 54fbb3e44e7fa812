import { membersOf, type ValueRange, wrappedIn } from "../json/walk.ts";
import { checkRecordSize, type Limits } from "../limits.ts";
import { CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, skipWhiteSpace } from "../scanner/bytes.ts";
import {
  allowsObjectLines,
  ObjectLineFinder,
  type ObjectLines,
  type Separator,
  separatorOf,
} from "../scanner/object-lines.ts";
import { JsonScanner } from "../scanner/scanner.ts";
import type { Beginning } from "./beginning.ts";
import type { DocumentVisitor } from "./document-visitor.ts";
import { DocumentReader } from "./documents.ts";
import { nameOfKind } from "./failure.ts";
import type { ByteInput } from "./window.ts";

/** Takes records in the order of their source. Every reader ends in one. The bytes are valid only during the call. */
export interface RecordSink {
  /** A well-formed object. `spread`: white space between its tokens holds line feeds or carriage returns. */
  object(bytes: Buffer, start: number, end: number, spread: boolean): void;
  /** As `object`, for many at once. Null: each is to be given by itself. */
  readonly lines: ((lines: ObjectLines) => void) | null;
  /** What is to be kept as `raw`; `error` is null when nothing is wrong with it but its keys. */
  raw(bytes: Buffer, start: number, end: number, error: string | null): void;
  /** Asked after each record: a promise to wait for before the next one, or null. */
  ready(): Promise<void> | null;
}

/** How the documents of a JSON source become records. */
export interface RecordReaderOptions extends Beginning {
  /** The key whose arrays hold the records. */
  readonly records?: string | undefined;
  readonly limits: Limits;
  /** Size of the first buffer, in bytes. */
  readonly capacity: number;
}

/** A document that is not a record itself, whose records are not handed over yet. */
interface PendingDocument {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Line on which the document begins, and source offset of index 0. */
  readonly line: number;
  readonly base: number;
}

/** Reads the records of a JSON or JSONL source into a sink. */
export class RecordReader implements DocumentVisitor {
  /** Documents, or members of a top-level array, without an array under the key `records`. */
  withoutWrapper = 0;
  /** JSON has no columns. */
  readonly columns = null;
  readonly lines: DocumentVisitor["lines"];
  readonly #documents: DocumentReader;
  readonly #members: JsonScanner;
  readonly #sink: RecordSink;
  readonly #key: Buffer | null;
  readonly #recordBytes: number;
  /** Null where every member of an array is to be looked at by itself. */
  readonly #objects: ObjectLineFinder | null;
  #pending: PendingDocument | null = null;

  constructor(input: ByteInput, sink: RecordSink, options: RecordReaderOptions) {
    this.lines = options.records === undefined ? (sink.lines?.bind(sink) ?? null) : null;
    this.#documents = new DocumentReader(input, options.capacity, this, options.limits, options);
    this.#members = new JsonScanner(options.limits.nesting);
    this.#objects = this.lines !== null && allowsObjectLines(options.limits) ? new ObjectLineFinder() : null;
    this.#sink = sink;
    this.#recordBytes = options.limits.recordBytes;
    this.#key = options.records === undefined ? null : Buffer.from(options.records);
  }

  get position(): { readonly offset: number; readonly line: number } {
    return this.#documents.position;
  }

  /**
   * Reads the next bytes of the source; false at its end.
   *
   * @throws BronzeError `DOCUMENT_TOO_LARGE`, `RECORD_TOO_LARGE`, and what the input and the sink throw
   */
  read(): Promise<boolean> {
    return this.#documents.read();
  }

  ready(): Promise<void> | null {
    if (this.#pending === null) return this.#sink.ready();
    return this.#handOver(this.#pending);
  }

  broken(bytes: Buffer, start: number, end: number, line: number, base: number, error: string): void {
    this.#checkSize(start, end, line, base);
    this.#sink.raw(bytes, start, end, error);
  }

  document(bytes: Buffer, start: number, end: number, line: number, facts: JsonScanner): void {
    if (bytes[start] === OPEN_BRACE && this.#key === null) {
      this.#checkSize(start, end, line, facts.base);
      this.#object(bytes, start, end, facts);
    } else {
      this.#pending = { bytes, start, end, line, base: facts.base };
    }
  }

  /** One document can be millions of records: the sink is asked after each, or after those that it takes together. */
  async #handOver(document: PendingDocument): Promise<void> {
    this.#pending = null;
    const { bytes, start, end } = document;
    if (this.#key === null && bytes[start] === OPEN_BRACKET) return await this.#handOverMembers(document);
    for (const record of this.#recordsOf(bytes, start, end)) {
      this.#record(document, record.start, record.end);
      const wait = this.#sink.ready();
      if (wait !== null) await wait;
    }
  }

  /** The members of an array, all of which are records. */
  async #handOverMembers(document: PendingDocument): Promise<void> {
    const { bytes, start, end, base } = document;
    let separator: Separator | null = null;
    let index = skipWhiteSpace(bytes, start + 1, end);
    while (bytes[index] !== CLOSE_BRACKET) {
      const objects: ObjectLines | null =
        separator === null ? null : (this.#objects?.findMembers(bytes, index, end, base, separator) ?? null);
      if (objects === null) {
        const memberEnd = this.#record(document, index, end);
        const comma = skipWhiteSpace(bytes, memberEnd, end);
        index = bytes[comma] === COMMA ? skipWhiteSpace(bytes, comma + 1, end) : comma;
        separator = separatorOf(bytes, memberEnd, index);
      } else {
        this.lines?.(objects);
        index = objects.ends.at(-1) ?? end;
      }
      const wait = this.#sink.ready();
      if (wait !== null) await wait;
    }
  }

  *#recordsOf(bytes: Buffer, start: number, end: number): Generator<ValueRange> {
    if (bytes[start] !== OPEN_BRACKET) yield* this.#unwrap(bytes, { start, end });
    else for (const member of membersOf(bytes, start, end)) yield* this.#unwrap(bytes, member);
  }

  *#unwrap(bytes: Buffer, range: ValueRange): Generator<ValueRange> {
    if (this.#key !== null) {
      const wrapped = yield* wrappedIn(bytes, range.start, range.end, this.#key);
      if (wrapped > 0) return;
      this.withoutWrapper++;
    }
    yield range;
  }

  /** Hands over the value that begins at `start` and ends at or before `most`. Returns the index after it. */
  #record({ bytes, line, base }: PendingDocument, start: number, most: number): number {
    const scanner = this.#members;
    scanner.begin(start, line, 0);
    scanner.scan(bytes, most, true);
    const end = scanner.at;
    this.#checkSize(start, end, line, base);
    if (bytes[start] === OPEN_BRACE) this.#object(bytes, start, end, scanner);
    else {
      const kind = nameOfKind(bytes[start] ?? 0);
      this.#sink.raw(bytes, start, end, `not a JSON object: ${kind} (in the document that begins on line ${line})`);
    }
    return end;
  }

  #checkSize(start: number, end: number, line: number, base: number): void {
    if (end - start > this.#recordBytes) checkRecordSize(end - start, this.#recordBytes, { line, byte: base + start });
  }

  #object(bytes: Buffer, start: number, end: number, facts: JsonScanner): void {
    if (facts.reserved || facts.wrapperOnly) this.#sink.raw(bytes, start, end, null);
    else this.#sink.object(bytes, start, end, facts.spread);
  }
}
