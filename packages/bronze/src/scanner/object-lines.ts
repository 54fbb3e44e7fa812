import { isUtf8 } from "node:buffer";
import { LF } from "./bytes.ts";
import { KEYS_WITH_A_ROLE } from "./keys.ts";

/** Lines that follow each other. Each is one well-formed object that bronze keeps as it is, from its first byte to its last. */
export interface ObjectLines {
  readonly bytes: Buffer;
  /** The index in `bytes` at which the first one begins. */
  readonly start: number;
  /** For each line the index in `bytes` after its line feed. */
  readonly ends: readonly number[];
}

/** The nesting that is looked for. What is deeper is left to the scanner. */
const NESTING = 4;
/** Bounds what a match can cost: a line that is longer is left to the scanner. A piece and its text fit into a fast cache. */
const PIECE_BYTES = 64 * 1024;
/** After so many lines of a piece that were not ordinary, such as those that end in CR LF, the scanner takes the rest of it. */
const MOST_MISSES = 8;
/** Bounds the length of what bronze adds to the lines. */
const MOST_LINES = 1024;

const ESCAPE = '\\\\(?:["\\\\/bfnrt]|u(?:[0-9a-ce-fA-CE-F][0-9a-fA-F]|[dD][0-7])[0-9a-fA-F]{2})';
const NUMBER = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?";

/** The expression for a value nested to `nesting` levels. It doubles with each level, so that nothing stands twice in it. */
function anyValue(string: string, nesting: number): string {
  const scalar = `${string}|${NUMBER}|true|false|null`;
  if (nesting === 0) return `(?:${scalar})`;
  const value = anyValue(string, nesting - 1);
  const object = `\\{(?:${string}: ?${value}(?:, ?(?=")|(?=\\})))*\\}`;
  const array = `\\[(?:${value}(?:, ?(?!\\])|(?=\\])))*\\]`;
  return `(?:${scalar}|${object}|${array})`;
}

/**
 * The expression for one line. Of RFC 8259 it leaves out escaped surrogates, white space but for one space behind a comma or a
 * colon, and at the top level keys with an escape and those that mean something to bronze. What it matches the scanner would
 * find, too; what it does not match can still be anything.
 *
 * Every choice in it is made by the next character, so that the time of a match grows no faster than the line.
 */
function objectLine(plain: string, string: string): RegExp {
  const key = `"(?!(?:${KEYS_WITH_A_ROLE.join("|")})")${plain}"`;
  const member = `${key}: ?${anyValue(string, NESTING - 1)}`;
  return new RegExp(`\\{${member}(?:, ?${member})*\\}\n`, "y");
}

const PLAIN = '[^"\\\\\\x00-\\x1f]*';
const OBJECT_LINE = objectLine(PLAIN, `"${PLAIN}(?:${ESCAPE}${PLAIN})*"`);

/** The same for text in which no backslash stands: not to look for it saves a sixth of the time. */
const PLAIN_OF_NO_ESCAPES = '[^"\\x00-\\x1f]*';
const OBJECT_LINE_OF_NO_ESCAPES = objectLine(PLAIN_OF_NO_ESCAPES, `"${PLAIN_OF_NO_ESCAPES}"`);

/** Finds the lines of a source that are ordinary objects, many at a time. */
export class ObjectLineFinder {
  /** The lines with the source offsets `[#from, #until)`, each byte as one character; empty where none of them is ordinary. */
  #text = "";
  #line = OBJECT_LINE;
  #from = 0;
  #until = 0;
  #misses = 0;

  /**
   * The ordinary lines that begin at `start`, which is the beginning of a line, or null when the first one is not ordinary or
   * not whole.
   *
   * @param end the index in `bytes` after the last one that is valid
   * @param base the source offset of index 0
   */
  find(bytes: Buffer, start: number, end: number, base: number): ObjectLines | null {
    const at = base + start;
    if (at >= this.#until) this.#decode(bytes.subarray(start, Math.min(start + PIECE_BYTES, end)), at);
    const text = this.#text;
    const shift = this.#from - base;
    const ends: number[] = [];
    const line = this.#line;
    line.lastIndex = start - shift;
    while (ends.length < MOST_LINES && line.test(text)) ends.push(line.lastIndex + shift);
    if (ends.length > 0) return { bytes, start, ends };
    if (++this.#misses === MOST_MISSES) this.#text = "";
    return null;
  }

  #decode(piece: Buffer, at: number): void {
    const lines = piece.subarray(0, piece.lastIndexOf(LF) + 1);
    this.#text = isUtf8(lines) ? lines.toString("latin1") : "";
    this.#line = this.#text.includes("\\") ? OBJECT_LINE : OBJECT_LINE_OF_NO_ESCAPES;
    this.#misses = 0;
    this.#from = at;
    this.#until = at + lines.length;
  }
}

/** Whether the bounds on nesting and sizes leave lines as the finder would find them. */
export function allowsObjectLines(limits: { nesting: number; recordBytes: number; documentBytes: number }): boolean {
  return limits.nesting >= NESTING && Math.min(limits.recordBytes, limits.documentBytes) >= PIECE_BYTES;
}
