import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  CR,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  TAB,
} from "./bytes.ts";
import { keyRole } from "./keys.ts";
import { CUT, literalEnd, numberEnd, refusedAt, skipPlain, stringEnd } from "./tokens.ts";

/** How a scan ended: the document is whole; the bytes end inside it; or it is not well-formed. */
export type Outcome = "whole" | "cut" | "failed";

const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const KEY = 2;
const KEY_OR_CLOSE = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;

const EXPECTED = [
  "a value",
  'a value or "]"',
  "a key in double quotes",
  'a key in double quotes or "}"',
  'a ":" after the key',
  'a "," or the closing bracket',
];
const IN_STRING = "the rest of a string in well-formed UTF-8 and with the escapes of RFC 8259";
const IN_NUMBER = "a number as RFC 8259 spells it";
const IN_LITERAL = "true, false or null";

/** The brackets that were open where a scan failed, outermost first, with what it takes to go on from there. */
export interface OpenBrackets {
  /** Source offsets. */
  readonly offsets: Float64Array;
  readonly kinds: Uint8Array;
  /** Source offset and line of the failure. */
  readonly at: number;
  readonly line: number;
  readonly lineStart: number;
  readonly expected: string;
  /** The failure is only that they are more than the limit. */
  readonly tooDeep: boolean;
  readonly state: number;
}

/**
 * A strict reader of RFC 8259 over bytes: grammar, UTF-8, escapes, and nesting up to a limit. It builds no values. It can be
 * stopped by the end of the bytes in hand and go on when there are more, so that no byte is looked at twice, but for those of
 * the token that was cut.
 *
 * Offsets: an index is a position in the bytes handed to `scan`; a source offset is `base` + index, and stays the same when the
 * bytes are moved within their buffer.
 */
export class JsonScanner {
  /** Source offset of index 0. The owner of the bytes changes it when they move. */
  base = 0;
  /** Source offset: after a whole document its end, of one that was cut the token to go on with, of a failed one the failure. */
  at = 0;
  /** Line of `at`, from 1, and the source offset at which that line starts. */
  line = 1;
  lineStart = 0;
  /** Of a failed document: what should have been at `at`. */
  expected = "";
  /** Of a failed document: all that is wrong is its depth. */
  tooDeep = false;
  /** White space between the tokens so far held a line feed or a carriage return. */
  spread = false;
  /** A top-level key is one that bronze adds itself. */
  reserved = false;
  /** The top-level object has keys, and every one of them is a key of a wrapper. */
  wrapperOnly = false;

  readonly #limit: number;
  readonly #kinds: Uint8Array;
  readonly #offsets: Float64Array;
  #depth = 0;
  #state = VALUE;
  #keys = 0;
  #wrapperKeys = 0;

  constructor(nestingLimit: number) {
    this.#limit = nestingLimit;
    this.#kinds = new Uint8Array(nestingLimit);
    this.#offsets = new Float64Array(nestingLimit);
  }

  /** Prepares to scan the document whose first token is at source offset `at`, on a line that starts at `lineStart`. */
  begin(at: number, line: number, lineStart: number): void {
    this.at = at;
    this.line = line;
    this.lineStart = lineStart;
    this.expected = "";
    this.tooDeep = false;
    this.spread = false;
    this.reserved = false;
    this.wrapperOnly = false;
    this.#depth = 0;
    this.#state = VALUE;
    this.#keys = 0;
    this.#wrapperKeys = 0;
  }

  /** Of a failed document: the brackets inside its first that were still open. */
  innerBrackets(): OpenBrackets {
    return {
      offsets: this.#offsets.slice(1, this.#depth),
      kinds: this.#kinds.slice(1, this.#depth),
      at: this.at,
      line: this.line,
      lineStart: this.lineStart,
      expected: this.expected,
      tooDeep: this.tooDeep,
      state: this.#state,
    };
  }

  /** Goes on where an earlier scan ended, as if it had begun with the bracket number `from`. What it learnt of keys is lost. */
  resume(brackets: OpenBrackets, from: number): void {
    this.begin(brackets.at, brackets.line, brackets.lineStart);
    this.#offsets.set(brackets.offsets.subarray(from));
    this.#kinds.set(brackets.kinds.subarray(from));
    this.#depth = brackets.kinds.length - from;
    this.#state = brackets.state;
  }

  /**
   * Scans on from `at` in `bytes`, of which `end` are valid. `final`: nothing follows them. To be fast, `bytes[end]`, where it
   * exists, should be a control character.
   */
  scan(bytes: Uint8Array, end: number, final: boolean): Outcome {
    const kinds = this.#kinds;
    let index = this.at - this.base;
    let state = this.#state;
    let depth = this.#depth;
    for (;;) {
      let byte = bytes[index] ?? 0;
      while (byte <= SPACE && index < end) {
        if (byte === LF) {
          this.line++;
          this.lineStart = this.base + index + 1;
          this.spread = true;
        } else if (byte === CR) this.spread = true;
        else if (byte !== SPACE && byte !== TAB) break;
        byte = bytes[++index] ?? 0;
      }
      if (index >= end) return this.#stop(end, state, depth, final, EXPECTED[state] ?? "");

      if (state === AFTER_VALUE) {
        if (byte === COMMA) {
          index++;
          state = kinds[depth - 1] === OPEN_BRACE ? KEY : VALUE;
          continue;
        }
        // In ASCII each closing bracket is two after its opening one.
        if (byte !== (kinds[depth - 1] ?? 0) + 2) return this.#fail(index, state, depth, EXPECTED[state] ?? "");
        depth--;
        index++;
        if (depth === 0) return this.#whole(index);
        continue;
      }
      if (state === AFTER_KEY) {
        if (byte !== COLON) return this.#fail(index, state, depth, EXPECTED[state] ?? "");
        index++;
        state = VALUE;
        continue;
      }
      if (byte === QUOTE) {
        let next = skipPlain(bytes, index + 1);
        next = bytes[next] === QUOTE && next < end ? next + 1 : stringEnd(bytes, next, end);
        if (next < 0) {
          if (next === CUT) return this.#cut(index, end, state, depth, final, IN_STRING);
          return this.#fail(refusedAt(next), state, depth, IN_STRING);
        }
        if (state >= KEY) {
          if (depth === 1) this.#noteKey(bytes, index + 1, next - 1);
          index = next;
          state = AFTER_KEY;
          if (bytes[index] === COLON && index < end) {
            index++;
            state = VALUE;
          }
          continue;
        }
        index = next;
      } else if (state >= KEY) {
        if (state === KEY || byte !== CLOSE_BRACE) return this.#fail(index, state, depth, EXPECTED[state] ?? "");
        depth--;
        index++;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === this.#limit) {
          this.tooDeep = true;
          return this.#fail(index, state, depth, `nesting of at most ${this.#limit} levels`);
        }
        kinds[depth] = byte;
        this.#offsets[depth] = this.base + index;
        depth++;
        index++;
        state = byte === OPEN_BRACE ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
        continue;
      } else if (byte === CLOSE_BRACKET && state === VALUE_OR_CLOSE) {
        depth--;
        index++;
      } else {
        const isNumber = byte <= 0x39 && (byte >= 0x30 || byte === 0x2d);
        if (!isNumber && byte !== 0x74 && byte !== 0x66 && byte !== 0x6e) {
          return this.#fail(index, state, depth, EXPECTED[state] ?? "");
        }
        const next = isNumber ? numberEnd(bytes, index, end) : literalEnd(bytes, index, end);
        const expected = isNumber ? IN_NUMBER : IN_LITERAL;
        if (next === CUT || (isNumber && next >= end && !final)) {
          return this.#cut(index, end, state, depth, final, expected);
        }
        if (next < 0) return this.#fail(refusedAt(next), state, depth, expected);
        index = next;
      }
      if (depth === 0) return this.#whole(index);
      state = AFTER_VALUE;
    }
  }

  #noteKey(bytes: Uint8Array, start: number, end: number): void {
    this.#keys++;
    const role = keyRole(bytes, start, end);
    if (role === "reserved") this.reserved = true;
    else if (role === "wrapper") this.#wrapperKeys++;
  }

  #whole(index: number): Outcome {
    this.at = this.base + index;
    this.wrapperOnly = this.#keys > 0 && this.#keys === this.#wrapperKeys;
    return "whole";
  }

  #fail(index: number, state: number, depth: number, expected: string): Outcome {
    this.at = this.base + index;
    this.#state = state;
    this.#depth = depth;
    this.expected = expected;
    return "failed";
  }

  #stop(index: number, state: number, depth: number, final: boolean, expected: string): Outcome {
    if (final) return this.#fail(index, state, depth, expected);
    this.at = this.base + index;
    this.#state = state;
    this.#depth = depth;
    return "cut";
  }

  #cut(token: number, end: number, state: number, depth: number, final: boolean, expected: string): Outcome {
    return this.#stop(final ? end : token, state, depth, final, expected);
  }
}
