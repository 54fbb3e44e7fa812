import { BronzeError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { hasByteOrderMark, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipWhiteSpace } from "../scanner/bytes.ts";
import { JsonScanner, type OpenBrackets } from "../scanner/scanner.ts";
import { describeFailure } from "./failure.ts";
import type { ByteInput } from "./window.ts";
import { Window } from "./window.ts";

/** Takes what a source holds, in its order. */
export interface DocumentVisitor {
  /** A well-formed document, `bytes[start, end)`; `facts` is the scanner right after it. */
  document(bytes: Buffer, start: number, end: number, line: number, facts: JsonScanner): void;
  /** A line, without its line feed, that is not made of documents, and why. `base`: source offset of index 0. */
  broken(bytes: Buffer, start: number, end: number, line: number, base: number, error: string): void;
  /** Asked after each call: a promise to wait for before the next one, or null. The bytes stay valid until it is kept. */
  ready(): Promise<void> | null;
}

/** From here on a cut token is looked at again only when twice as much of it is there. */
const LARGE_TOKEN = 64 * 1024;
const BEHIND_DOCUMENT = "white space or another JSON document";

/** Where reading begins, and what becomes of an end that may not be one. */
export interface Beginning {
  /** Source offset of the first byte that the input gives, and its line. Default: 0 and 1. */
  readonly from?: number;
  readonly line?: number;
  /**
   * Leaves what the end of the input may have cut off: a document that is not whole, a number or a literal that touches the
   * end, a broken line without a line feed. Default: it is handed over.
   */
  readonly hold?: boolean;
}

type Phase = "between" | "document" | "line" | "hand over";

/** A failure that lines inside the failed document share, each from its own bracket on. */
interface SharedFailure {
  readonly brackets: OpenBrackets;
  readonly message: string;
  /** The first bracket that is not before the line being read. */
  next: number;
}

/**
 * Reads JSON documents and lines from a source.
 *
 * A line made of one or more whole documents is those documents. A document that goes beyond its line is read to its end, after
 * which the rest of that line must hold documents too. Where this fails, the line on which it all began is broken, and reading
 * goes on with the next line.
 *
 * No more is held in memory than the line or document being read. Every line is tried only once; what a failed document
 * taught about the brackets on the lines inside it is not found out again for each of them.
 */
export class DocumentReader {
  readonly #window: Window;
  readonly #scanner: JsonScanner;
  readonly #visitor: DocumentVisitor;
  readonly #limits: Limits;
  readonly #hold: boolean;
  #phase: Phase = "between";
  /** Source offset of the next byte to look at. */
  #at: number;
  /** Line of `#at` and the source offset at which it starts. */
  #line: number;
  #lineStart: number;
  /** Of the documents not handed over yet: source offset and line at which they began, and their number. */
  #start: number;
  #startLine: number;
  #count = 0;
  #firstStart = 0;
  #firstEnd = 0;
  /** Of the documents being handed over: source offset and line of the next one. */
  #next = 0;
  #nextLine = 1;
  /** The last document was a number, true, false or null, which must not touch what follows. */
  #touchy = false;
  #rescan = false;
  #error = "";
  #shared: SharedFailure | null = null;

  constructor(input: ByteInput, capacity: number, visitor: DocumentVisitor, limits: Limits, begin: Beginning = {}) {
    this.#window = new Window(input, capacity);
    const from = begin.from ?? 0;
    this.#window.base = from;
    this.#at = from;
    this.#lineStart = from;
    this.#start = from;
    this.#line = begin.line ?? 1;
    this.#startLine = this.#line;
    this.#hold = begin.hold ?? false;
    this.#scanner = new JsonScanner(limits.nesting);
    this.#visitor = visitor;
    this.#limits = limits;
  }

  /** Source offset after what was handed over, and its line. */
  get position(): { readonly offset: number; readonly line: number } {
    return { offset: this.#start, line: this.#startLine };
  }

  /**
   * Reads the next bytes of the source and hands over all that is whole.
   *
   * @returns false when the source has ended and all of it was handed over
   * @throws BronzeError `DOCUMENT_TOO_LARGE`
   */
  async read(): Promise<boolean> {
    const window = this.#window;
    const wanted = window.base + window.end + this.#wantedBytes();
    do {
      await window.more();
    } while (window.base + window.end < wanted && !window.ended);
    this.#scanner.base = window.base;
    while (this.#step()) {
      const wait = this.#visitor.ready();
      if (wait !== null) await wait;
    }
    window.start = this.#start - window.base;
    this.#checkSize(window.end);
    return !window.ended;
  }

  #wantedBytes(): number {
    if (this.#phase !== "document") return 1;
    const token = this.#window.base + this.#window.end - this.#scanner.at;
    return token < LARGE_TOKEN ? 1 : token;
  }

  #checkSize(end: number): void {
    const size = end - (this.#start - this.#window.base);
    if (size <= this.#limits.documentBytes) return;
    throw new BronzeError(
      "DOCUMENT_TOO_LARGE",
      `Expected documents and lines of at most ${this.#limits.documentBytes} bytes (limit documentBytes), ` +
        `found ${size} bytes from line ${this.#startLine}, byte ${this.#start} on. Raise the limit or split the document.`,
      { line: this.#startLine, byte: this.#start, limit: this.#limits.documentBytes, found: size },
    );
  }

  /** Goes on until something was handed over. False when the bytes in hand do not reach so far, or there are no more. */
  #step(): boolean {
    for (;;) {
      switch (this.#phase) {
        case "between":
          if (!this.#findDocument()) return false;
          break;
        case "document":
          if (!this.#scan()) return false;
          break;
        case "line":
          return this.#breakLine();
        case "hand over":
          this.#handOverNext();
          return true;
        default:
          this.#phase satisfies never;
      }
    }
  }

  /** Goes on to the next document, or to the end of the line of those found. False when the bytes in hand end before. */
  #findDocument(): boolean {
    const { bytes, base, end, ended } = this.#window;
    let index = this.#at - base;
    if (this.#at === 0) {
      if (end < 3 && !ended) return false;
      if (hasByteOrderMark(bytes, 0, end)) index = 3;
    }
    const from = index;
    for (; ; index++) {
      index = skipLine(bytes, index, end);
      if (index >= end || bytes[index] !== LF) break;
      this.#line++;
      this.#lineStart = base + index + 1;
      if (this.#count > 0) {
        this.#at = base + index + 1;
        this.#beginHandOver();
        return true;
      }
      this.#start = this.#lineStart;
      this.#startLine = this.#line;
    }
    if (index > from) this.#touchy = false;
    this.#at = base + index;
    if (index >= end) {
      if (!ended) return false;
      if (this.#count > 0) {
        if (this.#hold && this.#touchy) return false;
        this.#beginHandOver();
        return true;
      }
      this.#start = this.#at;
      return false;
    }
    this.#beginDocument(bytes[index] ?? 0);
    return true;
  }

  #beginDocument(first: number): void {
    this.#phase = "document";
    this.#scanner.begin(this.#at, this.#line, this.#lineStart);
    if (this.#count === 0) {
      this.#firstStart = this.#at;
      this.#rescan = false;
    }
    const opens = first === OPEN_BRACE || first === OPEN_BRACKET;
    if (this.#touchy || (this.#count > 0 && !opens && !startsScalar(first))) {
      this.#scanner.expected = BEHIND_DOCUMENT;
      this.#fail(null);
    } else if (opens && this.#count === 0) this.#useSharedFailure();
    this.#touchy = !opens && first !== QUOTE;
  }

  /** An earlier document failed with the bracket at `#at` open: what follows the bracket is known up to there. */
  #useSharedFailure(): void {
    const shared = this.#shared;
    if (shared === null) return;
    const { offsets, tooDeep } = shared.brackets;
    while (shared.next < offsets.length && (offsets[shared.next] ?? 0) < this.#at) shared.next++;
    if (offsets[shared.next] !== this.#at) return;
    if (!tooDeep) {
      this.#fail(shared.message);
      return;
    }
    this.#scanner.resume(shared.brackets, shared.next);
    this.#rescan = true;
  }

  /** False when the document is cut. */
  #scan(): boolean {
    const scanner = this.#scanner;
    const { bytes, end, ended } = this.#window;
    const outcome = scanner.scan(bytes, end, ended && !this.#hold);
    if (outcome === "cut") return false;
    if (outcome === "failed") {
      this.#fail(null);
      return true;
    }
    this.#at = scanner.at;
    this.#line = scanner.line;
    this.#lineStart = scanner.lineStart;
    if (this.#count++ === 0) this.#firstEnd = this.#at;
    this.#phase = "between";
    return true;
  }

  #fail(knownMessage: string | null): void {
    const scanner = this.#scanner;
    this.#error = knownMessage ?? describeFailure(this.#window.bytes, this.#window.end, scanner);
    const furthest = this.#shared?.brackets.at ?? -1;
    if (knownMessage === null && scanner.line > this.#startLine && scanner.at > furthest) {
      this.#shared = { brackets: scanner.innerBrackets(), message: this.#error, next: 0 };
    }
    this.#phase = "line";
    this.#at = this.#start;
  }

  /** Hands over the line that starts at `#start`. `#at` is where to look for its end. */
  #breakLine(): boolean {
    const { bytes, base, end, ended } = this.#window;
    const found = bytes.subarray(0, end).indexOf(LF, this.#at - base);
    if (found < 0 && (!ended || this.#hold)) {
      this.#at = base + end;
      return false;
    }
    const lineEnd = found < 0 ? end : found;
    this.#checkSize(lineEnd);
    this.#visitor.broken(bytes, this.#start - base, lineEnd, this.#startLine, base, this.#error);
    this.#phase = "between";
    this.#touchy = false;
    this.#count = 0;
    this.#line = this.#startLine + 1;
    this.#at = base + Math.min(lineEnd + 1, end);
    this.#lineStart = this.#at;
    this.#start = this.#at;
    this.#startLine = this.#line;
    return true;
  }

  #beginHandOver(): void {
    this.#checkSize(this.#at - this.#window.base);
    this.#phase = "hand over";
    this.#next = this.#firstStart;
    this.#nextLine = this.#startLine;
  }

  #handOverNext(): void {
    const { bytes, base } = this.#window;
    const scanner = this.#scanner;
    const start = this.#next - base;
    if (this.#count === 1 && !this.#rescan) {
      this.#next = this.#at;
      this.#visitor.document(bytes, start, this.#firstEnd - base, this.#nextLine, scanner);
    } else {
      const end = this.#at - base;
      const line = this.#nextLine;
      scanner.begin(this.#next, line, 0);
      scanner.scan(bytes, end, true);
      this.#next = base + skipWhiteSpace(bytes, scanner.at - base, end);
      this.#nextLine = scanner.line;
      this.#visitor.document(bytes, start, scanner.at - base, line, scanner);
    }
    if (this.#next < this.#at) return;
    this.#phase = "between";
    this.#count = 0;
    this.#touchy = false;
    this.#start = this.#at;
    this.#startLine = this.#line;
  }
}

/** Skips the white space that does not end a line. */
function skipLine(bytes: Uint8Array, from: number, end: number): number {
  let index = from;
  while (index < end && (bytes[index] === 0x20 || bytes[index] === 0x09 || bytes[index] === 0x0d)) index++;
  return index;
}

function startsScalar(byte: number): boolean {
  const isNumber = byte === 0x2d || (byte >= 0x30 && byte <= 0x39);
  return isNumber || byte === QUOTE || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}
