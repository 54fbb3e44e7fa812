export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const ZERO = 0x30;
export const NINE = 0x39;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;

/** The four bytes that RFC 8259 allows between tokens. */
export function isWhiteSpace(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === TAB;
}

/** True when a UTF-8 byte order mark begins at `from`. */
export function hasByteOrderMark(bytes: Uint8Array, from: number, end: number): boolean {
  return end - from >= 3 && bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf;
}

/** The index of the first byte of `[from, end)` that is not white space, or `end`. */
export function skipWhiteSpace(bytes: Uint8Array, from: number, end: number): number {
  let index = from;
  while (index < end && isWhiteSpace(bytes[index] ?? 0)) index++;
  return index;
}

/** As {@link skipWhiteSpace}, for the white space that does not end a line. */
export function skipBlanks(bytes: Uint8Array, from: number, end: number): number {
  let index = from;
  while (index < end && (bytes[index] === SPACE || bytes[index] === TAB || bytes[index] === CR)) index++;
  return index;
}

/** Whether a byte begins a number, a string, true, false or null. */
export function startsScalar(byte: number): boolean {
  const isNumber = byte === 0x2d || (byte >= ZERO && byte <= NINE);
  return isNumber || byte === QUOTE || byte === 0x74 || byte === 0x66 || byte === 0x6e;
}
