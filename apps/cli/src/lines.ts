import { createReadStream } from "node:fs";

const NEWLINE = 0x0a;

/**
 * The lines of a file that end in a line feed or at its end, without it; blank ones are left out. Other characters that
 * some readers take for the end of a line, such as U+2028, stand inside JSON strings.
 * @param bytes how much of the file to read; default: all
 */
export async function* linesOf(path: string, bytes?: number): AsyncGenerator<string> {
  if (bytes === 0) return;
  let rest: Buffer[] = [];
  const stream: AsyncIterable<Buffer> = createReadStream(path, bytes === undefined ? {} : { end: bytes - 1 });
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
