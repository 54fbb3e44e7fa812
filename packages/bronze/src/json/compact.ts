import { BACKSLASH, CR, isWhiteSpace, LF, QUOTE } from "../scanner/bytes.ts";

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

/** Whether JSON text holds a line end, which must then be between its tokens. */
export function isSpread(text: Uint8Array): boolean {
  return text.includes(LF) || text.includes(CR);
}

/**
 * Copies a well-formed JSON object to the end of its last member, so that more can be added. `target` has room for all of it.
 *
 * @param spread as {@link isSpread}: the white space between the tokens is left out, so that the copy is one line
 * @returns the index in `target` after the copy
 */
export function copyMembers(
  bytes: Buffer,
  start: number,
  end: number,
  spread: boolean,
  target: Buffer,
  offset: number,
): number {
  let last = end - 1;
  if (spread) return compactInto(bytes, start, last, target, offset);
  while (isWhiteSpace(bytes[last - 1] ?? 0)) last--;
  return offset + bytes.copy(target, offset, start, last);
}
