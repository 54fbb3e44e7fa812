import { createReadStream } from "node:fs";

const NEWLINE = 0x0a;

/** A part of a file, in bytes: from `from` (default 0) up to, and without, `to` (default: its end). */
export interface ByteRange {
  readonly from?: number;
  readonly to?: number;
}

/**
 * The lines of a file that end in a line feed or at its end, without it; empty ones are left out. Only a line feed ends a
 * line: other characters that some readers take for one, such as U+2028, stand inside JSON strings.
 */
export async function* linesOf(path: string, { from = 0, to }: ByteRange = {}): AsyncGenerator<string> {
  if (to !== undefined && to <= from) return;
  let rest: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = createReadStream(path, {
    start: from,
    ...(to === undefined ? {} : { end: to - 1 }),
  });
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]).toString();
      if (line !== "") yield line;
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString();
}
