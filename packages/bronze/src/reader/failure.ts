import { LF, OPEN_BRACE, OPEN_BRACKET, QUOTE } from "../scanner/bytes.ts";
import type { JsonScanner } from "../scanner/scanner.ts";

function describeByte(byte: number): string {
  if (byte === LF) return "the end of the line";
  if (byte > 0x20 && byte < 0x7f) return byte === 0x22 ? "'\"'" : `"${String.fromCharCode(byte)}"`;
  return `the byte 0x${byte.toString(16).padStart(2, "0")}`;
}

/** What a failed scan expected, what it found and where: line and byte of the line, both counted from 1. */
export function describeFailure(bytes: Uint8Array, end: number, scanner: JsonScanner): string {
  const index = scanner.at - scanner.base;
  const found = index < end ? describeByte(bytes[index] ?? 0) : "the end of the input";
  const where = `line ${scanner.line}, byte ${scanner.at - scanner.lineStart + 1}`;
  return `expected ${scanner.expected}, found ${found} (${where})`;
}

/** The kind of a well-formed JSON value by its first byte. */
export function nameOfKind(first: number): string {
  switch (first) {
    case OPEN_BRACE:
      return "an object";
    case OPEN_BRACKET:
      return "an array";
    case QUOTE:
      return "a string";
    case 0x74:
    case 0x66:
      return "a boolean";
    case 0x6e:
      return "null";
    default:
      return "a number";
  }
}
