import { BACKSLASH, isWhiteSpace, QUOTE } from "../scanner/bytes.ts";

/**
 * Copies well-formed JSON text without the white space between its tokens. `target` has room for all of it.
 *
 * @returns the index in `target` after the copy
 */
export function compactInto(bytes: Uint8Array, start: number, end: number, target: Uint8Array, offset: number): number {
  let to = offset;
  let index = start;
  while (index < end) {
    const byte = bytes[index++] ?? 0;
    if (isWhiteSpace(byte)) continue;
    target[to++] = byte;
    if (byte !== QUOTE) continue;
    for (;;) {
      const inside = bytes[index++] ?? 0;
      target[to++] = inside;
      if (inside === QUOTE) break;
      if (inside === BACKSLASH) target[to++] = bytes[index++] ?? 0;
    }
  }
  return to;
}
