import { createHash } from "node:crypto";
import { basename } from "node:path";
import { runningChecksum } from "../commits/running-checksum.ts";
import type { Lake } from "../lake.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";
import type { ByteReader } from "../storage/storage.ts";
import { dayBounds } from "../time/days.ts";
import { nowMicros } from "../time/instants.ts";
import { parseBronzeName } from "./bronze-files.ts";
import { LineCounter } from "./lines.ts";
import { truncated } from "./pending.ts";

const CHUNK_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;
/** A writer that began before midnight may still be writing just after. */
const LATEST_WRITE_MICROS = 3_600_000_000n;

/** The measure of the bytes [from, `to`) of a bronze file: what a commit records of them. */
export interface MeasuredRange {
  readonly to: number;
  /** Lines that hold more than white space. */
  readonly lines: number;
  /** Length of the longest line, without its newline. */
  readonly maxLineBytes: number;
  /** SHA-256 of the range, in hexadecimal. */
  readonly sha256: string;
  /** The running checksum of the file up to `to`; the previous one when the range is empty. */
  readonly running: string;
}

/** What else {@link measureRange} is to do, and where it ends. */
export interface MeasureOptions {
  /** Absolute path of a file to copy the range to; replaced when there. */
  readonly copyTo?: string;
  /**
   * Whether a last line without a newline belongs to the range. Default: whether the file belongs to a day that ended an
   * hour ago or more. Otherwise that line waits for the next run, as its writer may not be done.
   */
  readonly final?: boolean;
}

/**
 * Reads the bytes [`from`, `to`) of a bronze file once, in pieces. When the last line is not to be included, the range
 * ends after the last newline; it may be empty.
 * @param previousRunning the file's running checksum at `from`; `""` at the start
 * @throws LakeError `BRONZE_TRUNCATED` when the file ends before `to`
 * @throws LakeError `PATH_OUTSIDE_LAKE`, `STORAGE_FAILED`
 */
export async function measureRange(
  lake: Lake,
  file: LakePath,
  from: number,
  to: number,
  previousRunning: string,
  options: MeasureOptions = {},
): Promise<MeasuredRange> {
  const reader = await lake.storage.openForReading(await resolveInLake(lake, file));
  try {
    const whole = options.final ?? isOver(lake, file);
    const end = whole ? to : await endOfLastLine(reader, file, from, to);
    const hash = createHash("sha256");
    const counter = new LineCounter();
    const copy = options.copyTo === undefined ? null : await lake.storage.openForWriting(options.copyTo);
    try {
      for await (const chunk of chunks(reader, file, from, end)) {
        hash.update(chunk);
        counter.add(chunk);
        await copy?.write(chunk);
      }
    } finally {
      await copy?.close();
    }
    const sha256 = hash.digest("hex");
    const running = end === from ? previousRunning : runningChecksum(previousRunning, sha256);
    return { to: end, ...counter.end(), sha256, running };
  } finally {
    await reader.close();
  }
}

function isOver(lake: Lake, file: LakePath): boolean {
  const name = parseBronzeName(basename(file));
  return name !== null && dayBounds(name.day, lake.timeZone).end + LATEST_WRITE_MICROS <= nowMicros();
}

/** Looks backwards for the last newline: most often it is the last byte. */
async function endOfLastLine(reader: ByteReader, file: LakePath, from: number, to: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(64 * 1024, to - from));
  for (let end = to; end > from; ) {
    const start = Math.max(from, end - buffer.length);
    const piece = await readFully(reader, file, buffer.subarray(0, end - start), start);
    const newline = piece.lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return from;
}

async function* chunks(reader: ByteReader, file: LakePath, from: number, to: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - from));
  for (let start = from; start < to; start += buffer.length) {
    yield await readFully(reader, file, buffer.subarray(0, Math.min(buffer.length, to - start)), start);
  }
}

async function readFully(reader: ByteReader, file: LakePath, buffer: Buffer, position: number): Promise<Buffer> {
  const count = await reader.read(buffer, position);
  if (count < buffer.length) throw truncated(file, position + buffer.length, position + count);
  return buffer;
}
