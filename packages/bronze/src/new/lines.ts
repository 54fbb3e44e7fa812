import type { ByteReader } from "@medallion/lake/storage";
import { LF } from "../scanner/bytes.ts";

const CHUNK_BYTES = 1024 * 1024;

/** A line of a file, with its line feed if it has one. The bytes are valid until the next line is asked for. */
export interface Line {
  readonly bytes: Buffer;
  /** Offset after it. */
  readonly end: number;
  readonly whole: boolean;
}

/** The lines in the bytes [`from`, `to`) of a file. */
export async function* linesFrom(file: ByteReader, from: number, to: number): AsyncGenerator<Line> {
  let buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(to - from, 1)));
  let held = 0;
  let position = from;
  while (position < to) {
    if (held === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const read = await file.read(buffer.subarray(held, held + Math.min(buffer.length - held, to - position)), position);
    if (read === 0) break;
    position += read;
    const end = held + read;
    let start = 0;
    for (let at = buffer.indexOf(LF, held); at >= 0 && at < end; at = buffer.indexOf(LF, at + 1)) {
      yield { bytes: buffer.subarray(start, at + 1), end: position - (end - at - 1), whole: true };
      start = at + 1;
    }
    buffer.copyWithin(0, start, end);
    held = end - start;
  }
  if (held > 0) yield { bytes: buffer.subarray(0, held), end: position, whole: false };
}
