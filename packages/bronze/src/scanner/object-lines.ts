import { isUtf8 } from "node:buffer";
import { COMMA, CR, LF } from "./bytes.ts";
import { KEYS_WITH_A_ROLE } from "./keys.ts";

/** What stands between objects: a line end; or, in an array, a comma and the white space behind it. */
const SEPARATORS = ["\n", "\r\n", ",", ", ", ",\n", ",\r\n"] as const;
export type Separator = (typeof SEPARATORS)[number];

/** Objects that follow each other. Each is well-formed, and bronze keeps it as a line as it is, from its first byte to its last. */
export interface ObjectLines {
  readonly bytes: Buffer;
  /** The index in `bytes` at which the first one begins. */
  readonly start: number;
  /** For each object the index in `bytes` after its separator. */
  readonly ends: readonly number[];
  /** The bytes of each separator. */
  readonly separator: number;
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
 * The expression for one object and its separator. Of RFC 8259 it leaves out escaped surrogates, white space but for one space behind
 * a comma or a colon, and at the top level keys with an escape and those that mean something to bronze. What it matches the
 * scanner would find, too; what it does not match can still be anything.
 *
 * Every choice in it is made by the next character, so that the time of a match grows no faster than the object.
 */
function objectLine(plain: string, string: string, separator: Separator): RegExp {
  const key = `"(?!(?:${KEYS_WITH_A_ROLE.join("|")})")${plain}"`;
  const member = `${key}: ?${anyValue(string, NESTING - 1)}`;
  return new RegExp(`\\{${member}(?:, ?${member})*\\}${separator}`, "y");
}

const PLAIN = '[^"\\\\\\x00-\\x1f]*';
/** For text in which no backslash stands: not to look for it saves a sixth of the time. */
const PLAIN_OF_NO_ESCAPES = '[^"\\x00-\\x1f]*';

const EXPRESSIONS = new Map<string, RegExp>();

function expressionFor(separator: Separator, escapes: boolean): RegExp {
  const name = `${separator}${escapes}`;
  const plain = escapes ? PLAIN : PLAIN_OF_NO_ESCAPES;
  const string = escapes ? `"${PLAIN}(?:${ESCAPE}${PLAIN})*"` : `"${plain}"`;
  const expression = EXPRESSIONS.get(name) ?? objectLine(plain, string, separator);
  EXPRESSIONS.set(name, expression);
  return expression;
}

/** Finds the objects of a source that are ordinary, many at a time: lines, or members of arrays that are known to be well-formed. */
export class ObjectLineFinder {
  /** The bytes with the source offsets `[#from, #until)`, each as one character; empty where nothing more is to be found in them. */
  #text = "";
  #separator: Separator = "\n";
  #expression = expressionFor("\n", true);
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
    if (at >= this.#until) {
      const piece = pieceOf(bytes, start, end, LF);
      const first = piece.indexOf(LF);
      this.#decode(piece, at, piece[first - 1] === CR ? "\r\n" : "\n");
    }
    return this.#match(bytes, start, base);
  }

  /**
   * As `find`, of the members of an array from the one on that begins at `start`, but for its last member.
   *
   * @param end the index in `bytes` after the array
   * @param separator what stands between two members, as a rule
   */
  findMembers(bytes: Buffer, start: number, end: number, base: number, separator: Separator): ObjectLines | null {
    const at = base + start;
    if (at >= this.#until) this.#decode(pieceOf(bytes, start, end, COMMA), at, separator);
    // Where separators alternate, a piece would else be decoded again at each member.
    if (separator !== this.#separator) return null;
    return this.#match(bytes, start, base);
  }

  #match(bytes: Buffer, start: number, base: number): ObjectLines | null {
    const text = this.#text;
    const shift = this.#from - base;
    const ends: number[] = [];
    const expression = this.#expression;
    expression.lastIndex = start - shift;
    while (ends.length < MOST_LINES && expression.test(text)) ends.push(expression.lastIndex + shift);
    if (ends.length > 0) return { bytes, start, ends, separator: this.#separator.length };
    if (++this.#misses === MOST_MISSES) this.#text = "";
    return null;
  }

  #decode(piece: Buffer, at: number, separator: Separator): void {
    this.#text = isUtf8(piece) ? piece.toString("latin1") : "";
    this.#separator = separator;
    this.#expression = expressionFor(separator, this.#text.includes("\\"));
    this.#misses = 0;
    this.#from = at;
    this.#until = at + piece.length;
  }
}

/** The next bytes, to the last one of a kind among them. */
function pieceOf(bytes: Buffer, start: number, end: number, last: number): Buffer {
  const piece = bytes.subarray(start, Math.min(start + PIECE_BYTES, end));
  return piece.subarray(0, piece.lastIndexOf(last) + 1);
}

/** The separator that is all of `bytes[from, to)`, or null where that is none. */
export function separatorOf(bytes: Buffer, from: number, to: number): Separator | null {
  if (to - from > 3) return null;
  const text = bytes.toString("latin1", from, to);
  return SEPARATORS.find((separator) => separator === text) ?? null;
}

/** Whether the bounds on nesting and sizes leave lines as the finder would find them. */
export function allowsObjectLines(limits: { nesting: number; recordBytes: number; documentBytes: number }): boolean {
  return limits.nesting >= NESTING && Math.min(limits.recordBytes, limits.documentBytes) >= PIECE_BYTES;
}
