import { BACKSLASH, NINE, QUOTE, ZERO } from "./bytes.ts";

/**
 * Each function below reads one token of `bytes[from, end)` and returns the index after it, `CUT` when the bytes end before
 * the token does, or `refuse(index)`, a number below `CUT`, where `index` is the first byte that cannot stand there.
 */
export const CUT = -1;

function refuse(index: number): number {
  return -2 - index;
}

/** The index inside a result made by `refuse`. */
export function refusedAt(result: number): number {
  return -2 - result;
}

const PLAIN = 0;

/** 0 for the bytes of a string that need no look: ASCII other than the quote, the backslash and the control characters. */
const STRING_BYTES = new Uint8Array(256).map((_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH || byte >= 0x80 ? 1 : PLAIN,
);

/** The first index from `from` on whose byte ends a run of plain string bytes; may lie past the end of the bytes meant. */
export function skipPlain(bytes: Uint8Array, from: number): number {
  let index = from;
  while (STRING_BYTES[bytes[index] ?? 0] === PLAIN) index++;
  return index;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The code unit of the four hexadecimal digits at `from`, or a `CUT` or `refuse` result. */
function codeUnit(bytes: Uint8Array, from: number, end: number): number {
  let value = 0;
  for (let index = from; index < from + 4; index++) {
    if (index >= end) return CUT;
    const digit = hexDigit(bytes[index] ?? 0);
    if (digit < 0) return refuse(index);
    value = value * 16 + digit;
  }
  return value;
}

/** `from` is the backslash. A surrogate must be one of a pair: half of one is no character, and no UTF-8 text can hold it. */
function escapeEnd(bytes: Uint8Array, from: number, end: number): number {
  if (from + 1 >= end) return CUT;
  switch (bytes[from + 1]) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return from + 2;
    case 0x75:
      break;
    default:
      return refuse(from + 1);
  }
  const unit = codeUnit(bytes, from + 2, end);
  if (unit < 0) return unit;
  if (unit < 0xd800 || unit > 0xdfff) return from + 6;
  if (unit > 0xdbff) return refuse(from);
  if (from + 6 >= end) return CUT;
  if (bytes[from + 6] !== BACKSLASH) return refuse(from);
  if (from + 7 >= end) return CUT;
  if (bytes[from + 7] !== 0x75) return refuse(from);
  const low = codeUnit(bytes, from + 8, end);
  if (low < 0) return low;
  return low >= 0xdc00 && low <= 0xdfff ? from + 12 : refuse(from);
}

/** One character of more than one byte, by the table of well-formed UTF-8 sequences (Unicode, table 3-7). */
function characterEnd(bytes: Uint8Array, from: number, end: number): number {
  const lead = bytes[from] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return refuse(from);
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let index = from + 1; index < from + length; index++) {
    if (index >= end) return CUT;
    const byte = bytes[index] ?? 0;
    const second = index === from + 1;
    if (byte < (second ? lowest : 0x80) || byte > (second ? highest : 0xbf)) return refuse(index);
  }
  return from + length;
}

/** The rest of a string, from a byte inside it that is not plain. */
export function stringEnd(bytes: Uint8Array, from: number, end: number): number {
  let index = from;
  for (;;) {
    index = skipPlain(bytes, index);
    if (index >= end) return CUT;
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) return index + 1;
    if (byte < 0x20) return refuse(index);
    const next = byte === BACKSLASH ? escapeEnd(bytes, index, end) : characterEnd(bytes, index, end);
    if (next < 0) return next;
    index = next;
  }
}

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let index = from;
  while (index < end) {
    const byte = bytes[index] ?? 0;
    if (byte < ZERO || byte > NINE) break;
    index++;
  }
  return index;
}

/** One or more digits. */
function digitsEnd(bytes: Uint8Array, from: number, end: number): number {
  const index = skipDigits(bytes, from, end);
  if (index > from) return index;
  return from >= end ? CUT : refuse(from);
}

/** A number that touches `end` may go on there; whether it does is the caller's to know. */
export function numberEnd(bytes: Uint8Array, from: number, end: number): number {
  let index = bytes[from] === 0x2d ? from + 1 : from;
  index = bytes[index] === ZERO && index < end ? index + 1 : digitsEnd(bytes, index, end);
  if (index < 0 || index >= end) return index;
  if (bytes[index] === 0x2e) {
    index = digitsEnd(bytes, index + 1, end);
    if (index < 0 || index >= end) return index;
  }
  if (((bytes[index] ?? 0) | 0x20) === 0x65) {
    const sign = bytes[index + 1];
    index = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? index + 2 : index + 1, end);
  }
  return index;
}

const LITERALS = new Map<number, Uint8Array>([
  [0x74, Buffer.from("true")],
  [0x66, Buffer.from("false")],
  [0x6e, Buffer.from("null")],
]);

/** `true`, `false` or `null`. */
export function literalEnd(bytes: Uint8Array, from: number, end: number): number {
  const literal = LITERALS.get(bytes[from] ?? 0);
  if (literal === undefined) return refuse(from);
  for (let offset = 1; offset < literal.length; offset++) {
    if (from + offset >= end) return CUT;
    if (bytes[from + offset] !== literal[offset]) return refuse(from + offset);
  }
  return from + literal.length;
}
