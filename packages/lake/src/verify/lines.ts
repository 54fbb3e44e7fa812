import type { Lake } from "../lake.ts";

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/** A line and its number, from 1; in a text of several parts it goes on through all of them. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** The lines of one file that the other one does not have; as often as they are missing there. */
export interface LineDifferences {
  readonly onlyInFirst: readonly NumberedLine[];
  readonly onlyInSecond: readonly NumberedLine[];
}

/**
 * Compares two texts line by line, whatever the order of the lines. Needs memory for lines that stand elsewhere only.
 * @param first the absolute paths of the files that the text consists of, in their order; as `second`
 * @param normal gives the part of a line that counts; default: all of it
 * @throws LakeError `STORAGE_FAILED`
 */
export async function compareLines(
  lake: Lake,
  first: readonly string[],
  second: readonly string[],
  normal: (line: string) => string = (line) => line,
): Promise<LineDifferences> {
  const [a, b] = [linesOf(lake, first), linesOf(lake, second)];
  const [inFirst, inSecond] = [new Unmatched(normal), new Unmatched(normal)];
  for (;;) {
    const [one, two] = [await a.next(), await b.next()];
    if (one.done === true && two.done === true) break;
    if (one.done !== true && !inSecond.take(one.value)) inFirst.add(one.value);
    if (two.done !== true && !inFirst.take(two.value)) inSecond.add(two.value);
  }
  return { onlyInFirst: inFirst.lines(), onlyInSecond: inSecond.lines() };
}

/** Lines for which the other file has not shown an equal one so far. */
class Unmatched {
  readonly #lines = new Map<string, NumberedLine[]>();
  readonly #normal: (line: string) => string;

  constructor(normal: (line: string) => string) {
    this.#normal = normal;
  }

  add(line: NumberedLine): void {
    const key = this.#normal(line.text);
    const same = this.#lines.get(key);
    if (same === undefined) this.#lines.set(key, [line]);
    else same.push(line);
  }

  /** Takes an equal line out; false when there is none. */
  take(line: NumberedLine): boolean {
    const key = this.#normal(line.text);
    const same = this.#lines.get(key);
    if (same === undefined) return false;
    same.shift();
    if (same.length === 0) this.#lines.delete(key);
    return true;
  }

  lines(): NumberedLine[] {
    return [...this.#lines.values()].flat().sort((a, b) => a.number - b.number);
  }
}

async function* linesOf(lake: Lake, paths: readonly string[]): AsyncGenerator<NumberedLine> {
  let number = 0;
  for (const path of paths) for await (const text of linesOfFile(lake, path)) yield { number: ++number, text };
}

/** Bytes that are not UTF-8 differ from every text that is. */
async function* linesOfFile(lake: Lake, path: string): AsyncGenerator<string> {
  const reader = await lake.storage.openForReading(path);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let pieces: Buffer[] = [];
    for (let position = 0; ; ) {
      const count = await reader.read(buffer, position);
      const bytes = buffer.subarray(0, count);
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        pieces.push(bytes.subarray(start, end));
        yield textOf(Buffer.concat(pieces));
        pieces = [];
        start = end + 1;
      }
      if (start < count) pieces.push(Buffer.from(bytes.subarray(start)));
      position += count;
      if (count < buffer.length) break;
    }
    if (pieces.length > 0) yield `${textOf(Buffer.concat(pieces))} (no line feed)`;
  } finally {
    await reader.close();
  }
}

function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : bytes.toString("latin1");
}
