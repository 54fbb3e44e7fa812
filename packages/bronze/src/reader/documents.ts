import { BronzeError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { hasByteOrderMark, LF, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipBlanks, startsScalar } from "../scanner/bytes.ts";
import { allowsObjectLines, ObjectLineFinder } from "../scanner/object-lines.ts";
import { JsonScanner } from "../scanner/scanner.ts";
import type { Beginning } from "./beginning.ts";
import type { DocumentVisitor } from "./document-visitor.ts";
import { FailedDocument } from "./failed-document.ts";
import { describeFailure } from "./failure.ts";
import { FoundDocuments } from "./found-documents.ts";
import type { ByteInput } from "./window.ts";
import { Window } from "./window.ts";

/** From here on a cut token is looked at again only when twice as much of it is there. */
const LARGE_TOKEN = 64 * 1024;
const BEHIND_DOCUMENT = "white space or another JSON document";

type Phase = "between" | "document" | "line" | "hand over";

/**
 * Reads JSON documents and lines from a source.
 *
 * A line made of one or more whole documents is those documents. A document that goes beyond its line is read to its end, after
 * which the rest of that line must hold documents too. Where this fails, the line on which it all began is broken, and reading
 * goes on with the next line.
 *
 * No more is held in memory than the line or document being read. Every line is tried only once, and what a failed document
 * has shown of the lines inside it is not found out again for each of them.
 */
export class DocumentReader {
  readonly #window: Window;
  readonly #scanner: JsonScanner;
  readonly #visitor: DocumentVisitor;
  readonly #limits: Limits;
  readonly #hold: boolean;
  /** Null where every document is to be looked at by itself. */
  readonly #objectLines: ObjectLineFinder | null;
  #phase: Phase = "between";
  /** Source offset of the next byte to look at. */
  #at: number;
  /** Line of `#at` and the source offset at which it starts. */
  #line: number;
  #lineStart: number;
  /** Source offset and line at which begins what was not handed over yet. */
  #start: number;
  #startLine: number;
  readonly #found = new FoundDocuments();
  /** The last document was a number, true, false or null, which must not touch what follows. */
  #needsSeparator = false;
  /** Why the line that began at `#start` is broken. */
  #error = "";
  readonly #failed = new FailedDocument();

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
    this.#objectLines = visitor.lines !== null && allowsObjectLines(limits) ? new ObjectLineFinder() : null;
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
          if (this.#takeLines()) return true;
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

  /** Hands over the ordinary lines that come next; false where there are none. */
  #takeLines(): boolean {
    if (this.#objectLines === null || this.#at !== this.#lineStart || !this.#found.isEmpty) return false;
    const { bytes, base, end } = this.#window;
    const lines = this.#objectLines.find(bytes, this.#at - base, end, base);
    if (lines === null) return false;
    this.#visitor.lines?.(lines);
    this.#at = base + (lines.ends.at(-1) ?? 0);
    this.#line += lines.ends.length;
    this.#lineStart = this.#at;
    this.#start = this.#at;
    this.#startLine = this.#line;
    return true;
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
      index = skipBlanks(bytes, index, end);
      if (index >= end || bytes[index] !== LF) break;
      this.#line++;
      this.#lineStart = base + index + 1;
      if (!this.#found.isEmpty) {
        this.#at = base + index + 1;
        this.#beginHandOver();
        return true;
      }
      this.#start = this.#lineStart;
      this.#startLine = this.#line;
    }
    if (index > from) this.#needsSeparator = false;
    this.#at = base + index;
    if (index >= end) {
      if (!ended) return false;
      if (!this.#found.isEmpty) {
        if (this.#hold && this.#needsSeparator) return false;
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
    const opens = first === OPEN_BRACE || first === OPEN_BRACKET;
    const isFirst = this.#found.isEmpty;
    this.#phase = "document";
    this.#scanner.begin(this.#at, this.#line, this.#lineStart);
    if (this.#needsSeparator || !(isFirst || opens || startsScalar(first))) {
      this.#scanner.expected = BEHIND_DOCUMENT;
      this.#fail(null);
    } else {
      const known = opens && isFirst ? this.#failed.recall(this.#at, this.#scanner) : "unknown";
      if (known === "fails") this.#fail(this.#failed.message);
      else this.#found.begin(this.#at, this.#line, known === "resumed");
    }
    this.#needsSeparator = !opens && first !== QUOTE;
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
    this.#found.add(this.#at);
    this.#phase = "between";
    return true;
  }

  #fail(knownMessage: string | null): void {
    const scanner = this.#scanner;
    this.#error = knownMessage ?? describeFailure(this.#window.bytes, this.#window.end, scanner);
    if (knownMessage === null && scanner.line > this.#startLine) this.#failed.note(scanner, this.#error);
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
    this.#needsSeparator = false;
    this.#found.clear();
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
  }

  #handOverNext(): void {
    if (this.#found.handOverNext(this.#window, this.#scanner, this.#visitor, this.#at)) return;
    this.#phase = "between";
    this.#needsSeparator = false;
    this.#start = this.#at;
    this.#startLine = this.#line;
  }
}
