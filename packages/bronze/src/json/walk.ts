import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isWhiteSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipWhiteSpace,
} from "../scanner/bytes.ts";
import { unescapeString } from "../scanner/keys.ts";

/** Where a value is: `[start, end)`. */
export interface ValueRange {
  readonly start: number;
  readonly end: number;
}

// The functions of this file read text that the scanner found well-formed.

function stringEnd(bytes: Uint8Array, quote: number): number {
  let index = quote + 1;
  while (bytes[index] !== QUOTE) index += bytes[index] === BACKSLASH ? 2 : 1;
  return index + 1;
}

function valueEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0;
  let index = start;
  while (index < end) {
    const byte = bytes[index] ?? 0;
    if (byte === QUOTE) {
      index = stringEnd(bytes, index);
      if (depth === 0) return index;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return index;
      if (--depth === 0) return index + 1;
    } else if (depth === 0 && (byte === COMMA || isWhiteSpace(byte))) return index;
    index++;
  }
  return end;
}

/** The members of the array that begins at `start`. Returns the index after it. */
export function* membersOf(bytes: Uint8Array, start: number, end: number): Generator<ValueRange, number> {
  let index = skipWhiteSpace(bytes, start + 1, end);
  while (index < end && bytes[index] !== CLOSE_BRACKET) {
    const memberEnd = valueEnd(bytes, index, end);
    yield { start: index, end: memberEnd };
    index = skipWhiteSpace(bytes, memberEnd, end);
    if (bytes[index] === COMMA) index = skipWhiteSpace(bytes, index + 1, end);
  }
  return index + 1;
}

/** The text of one key and of its value; the key's lies between its quotes. */
export interface FieldRange {
  readonly key: ValueRange;
  readonly value: ValueRange;
}

/** The fields of the object that begins at `start`, in their order; a key may stand twice. */
export function* fieldsOf(bytes: Uint8Array, start: number, end: number): Generator<FieldRange> {
  let index = skipWhiteSpace(bytes, start + 1, end);
  while (bytes[index] === QUOTE) {
    const keyEnd = stringEnd(bytes, index);
    const colon = skipWhiteSpace(bytes, keyEnd, end);
    const valueStart = skipWhiteSpace(bytes, colon + 1, end);
    const value = { start: valueStart, end: valueEnd(bytes, valueStart, end) };
    yield { key: { start: index + 1, end: keyEnd - 1 }, value };
    index = skipWhiteSpace(bytes, value.end, end);
    if (bytes[index] === COMMA) index = skipWhiteSpace(bytes, index + 1, end);
  }
}

/** Records are objects: an array without any may be a list of words that happens to have the key. */
function holdsRecords(bytes: Uint8Array, start: number, end: number): boolean {
  let isEmpty = true;
  for (const member of membersOf(bytes, start, end)) {
    if (bytes[member.start] === OPEN_BRACE) return true;
    isEmpty = false;
  }
  return isEmpty;
}

/**
 * The members of every array under the key `key` in the value `bytes[start, end)`, at any depth, also inside such a member,
 * which comes first then. Only an array that is empty or has an object among its members counts. Returns how many do.
 */
export function* wrappedIn(bytes: Buffer, start: number, end: number, key: Buffer): Generator<ValueRange, number> {
  let found = 0;
  let index = start;
  while (index < end) {
    if (bytes[index] !== QUOTE) {
      index++;
      continue;
    }
    const textStart = index + 1;
    const textEnd = stringEnd(bytes, index) - 1;
    index = skipWhiteSpace(bytes, textEnd + 1, end);
    if (bytes[index] !== COLON) continue;
    index = skipWhiteSpace(bytes, index + 1, end);
    if (bytes[index] !== OPEN_BRACKET || !isKey(bytes, textStart, textEnd, key) || !holdsRecords(bytes, index, end))
      continue;
    found++;
    const members = membersOf(bytes, index, end);
    let member = members.next();
    for (; member.done !== true; member = members.next()) {
      yield member.value;
      found += yield* wrappedIn(bytes, member.value.start, member.value.end, key);
    }
    index = member.value;
  }
  return found;
}

function isKey(bytes: Buffer, start: number, end: number, key: Buffer): boolean {
  const text = bytes.subarray(start, end);
  return text.equals(key) || (text.includes(BACKSLASH) && key.equals(unescapeString(bytes, start, end)));
}
