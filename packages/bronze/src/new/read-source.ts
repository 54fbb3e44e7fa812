import type { Hash } from "node:crypto";
import { type FileHandle, stat } from "node:fs/promises";
import type { Column } from "../csv/header.ts";
import { BronzeError } from "../errors.ts";
import type { IngestOptions } from "../ingest.ts";
import type { Limits } from "../limits.ts";
import { openReader } from "../reader/open-reader.ts";
import type { RecordSink } from "../reader/records.ts";
import { FileInput, SourceInput } from "../source/inputs.ts";
import { openSource } from "../source/open.ts";
import type { PlannedFile } from "../source/plan.ts";
import { ConsumedInput } from "./consumed-input.ts";
import { timesOf } from "./examine.ts";

const CAPACITY = 1024 * 1024;
const SMALLEST_CAPACITY = 4 * 1024;

export interface SourceReading {
  readonly source: PlannedFile;
  readonly sink: RecordSink;
  readonly options: IngestOptions;
  readonly limits: Limits;
  /** Called after each piece. */
  readonly progress: (bytesRead: number, withoutWrapper: number) => void;
}

/**
 * Reads all of a file, which must be as it was when it was examined.
 * @returns the bytes read
 * @throws BronzeError `SOURCE_CHANGED` when it is not, and what reading a source throws
 */
export async function readWhole(reading: SourceReading, times: string): Promise<number> {
  const { source, sink, options, limits } = reading;
  const opened = await openSource(source, options.signal);
  try {
    const input = new SourceInput(source.path, opened.input, options.signal);
    const reader = openReader(source.format, input, sink, options, { limits, capacity: opened.capacity });
    let goesOn = true;
    while (goesOn) {
      options.signal?.throwIfAborted();
      goesOn = await reader.read();
      reading.progress(opened.bytesRead(), reader.withoutWrapper);
    }
    if (timesOf(await stat(source.location, { bigint: true })) === times) return opened.bytesRead();
    const message = `Expected ${source.path} to stay as it is while it is read, found that it was written to. Nothing of it was kept; it is taken the next time.`;
    throw new BronzeError("SOURCE_CHANGED", message, { file: source.path });
  } finally {
    await opened.close();
  }
}

/** From where on a file is read, and what is known of what stands before. */
export interface LinesBegin {
  readonly from: number;
  readonly line: number;
  readonly hash: Hash;
  readonly hold: boolean;
}

/**
 * Reads the documents or rows of a file from an offset on, up to `size`.
 * @param consumed called as it goes on: bytes from the file's start that were consumed, the line after them, and what gives
 * their SHA-256
 * @returns the bytes at the end that are held back, as they may not be whole
 */
export async function readByLines(
  reading: SourceReading,
  file: FileHandle,
  size: number,
  { from, line, hash, hold }: LinesBegin,
  consumed: (bytes: number, line: number, sha256: () => string) => Promise<void>,
): Promise<number> {
  const { source, sink, options, limits } = reading;
  const bytes = new FileInput(file, size, from);
  const content = new ConsumedInput(bytes, hash, from);
  const input = new SourceInput(source.path, content, options.signal);
  const capacity = Math.min(Math.max(size - from, SMALLEST_CAPACITY), CAPACITY);
  const columns = source.format === "csv" && from > 0 ? await readColumns(reading, file, size) : null;
  const begin = { from, line, hold, limits, capacity, ...(columns === null ? {} : { columns }) };
  const reader = openReader(source.format, input, sink, options, begin);
  let last = from;
  let goesOn = true;
  while (goesOn) {
    options.signal?.throwIfAborted();
    goesOn = await reader.read();
    reading.progress(bytes.bytesRead, reader.withoutWrapper);
    const { offset, line: next } = reader.position;
    content.consume(offset);
    // Without its header a CSV source has no rows that could be gone on from.
    if (offset === last || (source.format === "csv" && reader.columns === null)) continue;
    last = offset;
    await consumed(offset, next, () => content.digest());
  }
  return from + bytes.bytesRead - last;
}

/** The columns of a CSV file whose header was read before. */
async function readColumns(reading: SourceReading, file: FileHandle, size: number): Promise<readonly Column[] | null> {
  const { source, options, limits } = reading;
  const nothing: RecordSink = { object: () => {}, lines: null, raw: () => {}, ready: () => null };
  const input = new SourceInput(source.path, new FileInput(file, size), options.signal);
  const reader = openReader("csv", input, nothing, options, { limits, capacity: SMALLEST_CAPACITY });
  while (reader.columns === null && (await reader.read()));
  return reader.columns;
}
