import type { Beginning } from "../reader/beginning.ts";
import type { ByteInput } from "../reader/window.ts";
import { Window } from "../reader/window.ts";
import { COMMA, CR, hasByteOrderMark, LF, QUOTE } from "../scanner/bytes.ts";

/** Takes the rows of a source, in its order. The bytes stay valid until `ready` is kept. */
export interface RowVisitor {
  /** A row that follows RFC 4180, without its line end; a blank line is one, too. `base`: source offset of index 0. */
  row(bytes: Buffer, start: number, end: number, line: number, base: number): void;
  /** The first line of what does not, without its line end, and why. */
  broken(bytes: Buffer, start: number, end: number, line: number, base: number, error: string): void;
  /** Asked after each call: a promise to wait for before the next one, or null. */
  ready(): Promise<void> | null;
}

/** How a CSV source is cut into rows. */
export interface RowReaderOptions extends Beginning {
  /** The longest row, in bytes. */
  readonly rowBytes: number;
  /** Size of the first buffer, in bytes. */
  readonly capacity: number;
}

type State = "cell" | "plain" | "quoted" | "closed" | "closed by CR";

const AFTER_QUOTE = 'a comma or the end of the line after the closing quote, found more text ("" stands for one quote)';

/**
 * Cuts a CSV source (RFC 4180) into its rows: by the byte, as a row that is none is to be kept as it came. (Parsers that give cells
 * alone, such as fast-csv's, trim some of them and end at the first quote that is not closed.)
 *
 * Rows end with LF or CR LF; a quoted cell may hold both.
 *
 * Where a quoted cell is not closed as it should be, only the line on which its row began is broken, and reading goes on with
 * the next line. All line ends that the failed row crossed were inside a quoted cell; so a row that begins on one of these lines
 * and does not end on it comes to the same failure, which is not looked for again. No byte is looked at more than twice.
 */
export class RowReader {
  readonly #window: Window;
  readonly #visitor: RowVisitor;
  readonly #rowBytes: number;
  readonly #hold: boolean;
  #state: State = "cell";
  /** Source offset of the next byte to look at, and of the row that it belongs to. */
  #at: number;
  #start: number;
  #line: number;
  #error = "";
  /** Rows that begin before this offset and go beyond their line are known to fail, and why. */
  #failsUntil = 0;
  #sharedError = "";

  constructor(input: ByteInput, visitor: RowVisitor, options: RowReaderOptions) {
    this.#window = new Window(input, options.capacity);
    this.#window.base = options.from ?? 0;
    this.#at = this.#window.base;
    this.#start = this.#window.base;
    this.#line = options.line ?? 1;
    this.#visitor = visitor;
    this.#rowBytes = options.rowBytes;
    this.#hold = options.hold ?? false;
  }

  /** Source offset after what was handed over, and its line. */
  get position(): { readonly offset: number; readonly line: number } {
    return { offset: this.#start, line: this.#line };
  }

  /** Reads the next bytes of the source and hands over all rows that are whole; false at the end. */
  async read(): Promise<boolean> {
    const window = this.#window;
    await window.more();
    while (this.#step()) {
      const wait = this.#visitor.ready();
      if (wait !== null) await wait;
    }
    window.start = this.#start - window.base;
    return !window.ended;
  }

  /** Hands over one row. False when the bytes in hand do not reach to its end. */
  #step(): boolean {
    const { bytes, base, end, ended } = this.#window;
    if (this.#start === 0 && this.#at === 0) {
      if (end < 3 && !ended) return false;
      if (hasByteOrderMark(bytes, 0, end)) this.#moveTo(3);
    }
    const start = this.#start - base;
    if (start === end) return false;
    const isDoomed = this.#start < this.#failsUntil;
    const reach = isDoomed ? bytes.indexOf(LF, start) + 1 : end;
    const rowEnd = this.#scan(reach);
    if (rowEnd === "failed") return this.#break();
    if (rowEnd !== "cut") return this.#handOver(rowEnd);
    if (isDoomed) {
      this.#error = this.#sharedError;
      return this.#break();
    }
    if (!ended) {
      if (this.#at - this.#start <= this.#rowBytes) return false;
      this.#error = `expected a row of at most ${this.#rowBytes} bytes (limit recordBytes), found none that ends`;
      return this.#break();
    }
    if (this.#hold) return false;
    if (this.#state !== "quoted") return this.#handOver(end);
    this.#error = "expected a closing quote, found the end of the input";
    return this.#break();
  }

  /** The index of the row's line feed, in `bytes[.., reach)`. */
  #scan(reach: number): number | "cut" | "failed" {
    const { base, bytes } = this.#window;
    let within: Buffer | null = null;
    let index = this.#at - base;
    let state = this.#state;
    while (index < reach) {
      const byte = bytes[index] ?? 0;
      switch (state) {
        case "cell":
          state = byte === QUOTE ? "quoted" : "plain";
          if (byte === QUOTE) index++;
          break;
        case "plain":
          while (index < reach && bytes[index] !== COMMA && bytes[index] !== LF) index++;
          if (index === reach) break;
          if (bytes[index] === LF) return index;
          state = "cell";
          index++;
          break;
        case "quoted": {
          within ??= bytes.subarray(0, reach);
          const quote = within.indexOf(QUOTE, index);
          if (quote >= 0) state = "closed";
          index = quote < 0 ? reach : quote + 1;
          break;
        }
        case "closed":
        case "closed by CR":
          if (byte === LF) return index;
          if (state === "closed by CR" || (byte !== QUOTE && byte !== COMMA && byte !== CR)) {
            this.#at = base + index;
            this.#state = state;
            this.#error = `expected ${AFTER_QUOTE}`;
            return "failed";
          }
          state = byte === QUOTE ? "quoted" : byte === COMMA ? "cell" : "closed by CR";
          index++;
          break;
        default:
          state satisfies never;
      }
    }
    this.#at = base + index;
    this.#state = state;
    return "cut";
  }

  #handOver(end: number): true {
    const { bytes, base } = this.#window;
    const start = this.#start - base;
    const line = this.#line;
    for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) this.#line++;
    this.#endLine(end);
    this.#visitor.row(bytes, start, withoutCR(bytes, start, end), line, base);
    return true;
  }

  /** Hands over the line that the row began on. False when the bytes in hand do not reach to its end. */
  #break(): boolean {
    const { bytes, base, end, ended } = this.#window;
    const start = this.#start - base;
    const found = bytes.subarray(0, end).indexOf(LF, start);
    if (found < 0 && !ended && end - start <= this.#rowBytes) return false;
    if (found < 0 && this.#hold && ended) return false;
    const crossed = bytes.subarray(0, this.#at - base).lastIndexOf(LF);
    if (crossed > found) {
      this.#failsUntil = base + crossed;
      this.#sharedError = this.#error;
    }
    const lineEnd = found < 0 ? end : found;
    const line = this.#line;
    this.#endLine(lineEnd);
    this.#visitor.broken(bytes, start, withoutCR(bytes, start, lineEnd), line, base, `${this.#error} (line ${line})`);
    return true;
  }

  #endLine(end: number): void {
    const { base, end: held } = this.#window;
    if (end < held) this.#line++;
    this.#moveTo(base + Math.min(end + 1, held));
  }

  #moveTo(offset: number): void {
    this.#start = offset;
    this.#at = offset;
    this.#state = "cell";
  }
}

function withoutCR(bytes: Uint8Array, start: number, end: number): number {
  return end > start && bytes[end - 1] === CR ? end - 1 : end;
}
