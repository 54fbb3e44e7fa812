import { BACKSLASH } from "./bytes.ts";

/** What a top-level key means to a bronze line. */
export type KeyRole = "ordinary" | "reserved" | "wrapper";

/** The keys that bronze adds to a record, and those of what wraps text that is no record. */
const RESERVED_KEYS = ["ingested_at", "layer", "source_file"];
const WRAPPER_KEYS = ["raw", "raw_base64", "raw_error"];
/** Every key whose role is not ordinary. */
export const KEYS_WITH_A_ROLE: readonly string[] = [...RESERVED_KEYS, ...WRAPPER_KEYS];

const RESERVED = RESERVED_KEYS.map((key) => Buffer.from(key));
const WRAPPER = WRAPPER_KEYS.map((key) => Buffer.from(key));

function isOneOf(keys: readonly Uint8Array[], bytes: Uint8Array, start: number, end: number): boolean {
  return keys.some((key) => {
    if (key.length !== end - start) return false;
    for (let index = 0; index < key.length; index++) if (bytes[start + index] !== key[index]) return false;
    return true;
  });
}

/** The UTF-8 bytes that a well-formed JSON string's text stands for; `[start, end)` lies between its quotes. */
export function unescapeString(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const text: unknown = JSON.parse(`"${Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()}"`);
  return Buffer.from(String(text));
}

/** The role of a key whose well-formed text, without its quotes, is `bytes[start, end)`. Escapes do not hide a key. */
export function keyRole(bytes: Uint8Array, start: number, end: number): KeyRole {
  const first = bytes[start] ?? 0;
  // No key that matters begins with another byte; a key that is spelled in escapes alone is at most 6 times as long.
  if (first !== 0x69 && first !== 0x6c && first !== 0x72 && first !== 0x73 && first !== BACKSLASH) return "ordinary";
  if (end - start < 3 || end - start > 66) return "ordinary";
  let index = start;
  while (index < end && bytes[index] !== BACKSLASH) index++;
  if (index < end) {
    const key = unescapeString(bytes, start, end);
    return isOneOf(RESERVED, key, 0, key.length)
      ? "reserved"
      : isOneOf(WRAPPER, key, 0, key.length)
        ? "wrapper"
        : "ordinary";
  }
  return isOneOf(RESERVED, bytes, start, end)
    ? "reserved"
    : isOneOf(WRAPPER, bytes, start, end)
      ? "wrapper"
      : "ordinary";
}
