import { isUtf8 } from "node:buffer";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

const NEWLINE = 0x0a;
/** The column separator of engines that read lines as one-column tables. No JSON text holds it. */
const SEPARATOR = 0x01;

/**
 * Copies the first bytes of a file of lines so that every engine can read it as text: a line that is not UTF-8, or
 * holds the control character that engines take for a separator, becomes a bronze wrapper with its bytes in base64.
 * Bronze writes no such line; a write that was cut off, or a hand, can leave one.
 *
 * @param bytes how much of the file to copy
 */
export async function mendLines(path: string, bytes: number, target: string): Promise<void> {
  const source = createReadStream(path, { end: bytes - 1, highWaterMark: 1024 * 1024 });
  await pipeline(Readable.from(mended(source)), createWriteStream(target));
}

async function* mended(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield mendedLine(Buffer.concat([...rest, chunk.subarray(start, end)]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield mendedLine(Buffer.concat(rest));
}

function mendedLine(line: Buffer): Buffer {
  const mended = isUtf8(line) && !line.includes(SEPARATOR) ? line : brokenLine(line);
  return Buffer.concat([mended, Buffer.of(NEWLINE)]);
}

/** A line that is no text, in the form of a bronze wrapper. */
export function brokenLine(line: Buffer): Buffer {
  const wrapper = {
    raw_base64: line.toString("base64"),
    raw_error: "the bronze line is not UTF-8 text",
    layer: "bronze",
  };
  return Buffer.from(JSON.stringify(wrapper));
}
