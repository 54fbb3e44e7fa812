import { membersOf, type ValueRange, wrappedIn } from "../json/walk.ts";
import { checkRecordSize, type Limits } from "../limits.ts";
import { OPEN_BRACE, OPEN_BRACKET } from "../scanner/bytes.ts";
import type { ObjectLines } from "../scanner/object-lines.ts";
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
  /** As `object`, for many lines at once. Null: each is to be given by itself. */
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

/** The records of a document that is not one itself, not handed over yet. */
interface PendingRecords {
  readonly bytes: Buffer;
  /** Line on which the document begins, and source offset of index 0. */
  readonly line: number;
  readonly base: number;
  readonly records: Generator<ValueRange>;
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
  #pending: PendingRecords | null = null;

  constructor(input: ByteInput, sink: RecordSink, options: RecordReaderOptions) {
    this.lines = options.records === undefined ? (sink.lines?.bind(sink) ?? null) : null;
    this.#documents = new DocumentReader(input, options.capacity, this, options.limits, options);
    this.#members = new JsonScanner(options.limits.nesting);
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
      this.#pending = { bytes, line, base: facts.base, records: this.#recordsOf(bytes, start, end) };
    }
  }

  /** One document can be millions of records: the sink is asked after each. */
  async #handOver({ bytes, line, base, records }: PendingRecords): Promise<void> {
    this.#pending = null;
    for (const { start, end } of records) {
      this.#record(bytes, start, end, line, base);
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

  #record(bytes: Buffer, start: number, end: number, line: number, base: number): void {
    this.#checkSize(start, end, line, base);
    if (bytes[start] !== OPEN_BRACE) {
      const kind = nameOfKind(bytes[start] ?? 0);
      this.#sink.raw(bytes, start, end, `not a JSON object: ${kind} (in the document that begins on line ${line})`);
      return;
    }
    this.#members.begin(start, line, 0);
    this.#members.scan(bytes, end, true);
    this.#object(bytes, start, end, this.#members);
  }

  #checkSize(start: number, end: number, line: number, base: number): void {
    if (end - start > this.#recordBytes) checkRecordSize(end - start, this.#recordBytes, { line, byte: base + start });
  }

  #object(bytes: Buffer, start: number, end: number, facts: JsonScanner): void {
    if (facts.reserved || facts.wrapperOnly) this.#sink.raw(bytes, start, end, null);
    else this.#sink.object(bytes, start, end, facts.spread);
  }
}
