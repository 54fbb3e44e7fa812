import { open } from "node:fs/promises";
import { type Lake, LakeError } from "@medallion/lake";
import {
  type AppendJournal,
  readAppendJournal,
  removeAppendJournal,
  type StagedSegment,
  writeIngested,
} from "@medallion/lake/ingested";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import type { ByteReader } from "@medallion/lake/storage";
import { BronzeError, messageOf, systemCode } from "../errors.ts";
import { LF } from "../scanner/bytes.ts";
import { AppendFile, AppendInterrupted } from "../writer/append-file.ts";
import { linesFrom } from "./lines.ts";

const CHUNK_BYTES = 2 * 1024 * 1024;

/**
 * Finishes the append that a journal describes, if there is one: the lines that are not in bronze yet are appended, then the
 * record of what is ingested is written, then the journal goes.
 * @param resumed whether some of the lines may be in bronze already
 * @returns the number of lines appended
 * @throws BronzeError `APPEND_FAILED`
 * @throws LakeError `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function finishAppend(lake: Lake, dataset: string, staged: LakePath, resumed: boolean): Promise<number> {
  const journal = await readAppendJournal(lake, dataset);
  if (journal === null) return 0;
  const lines = journal.segments.length === 0 ? 0 : await appendSegments(lake, journal, staged, resumed);
  await writeIngested(lake, dataset, journal.ingested);
  await removeAppendJournal(lake, dataset);
  return lines;
}

async function appendSegments(lake: Lake, journal: AppendJournal, path: LakePath, resumed: boolean): Promise<number> {
  const absolute = await resolveInLake(lake, path);
  const expected = journal.segments.at(-1)?.to ?? 0;
  const size = (await lake.storage.status(absolute))?.size ?? null;
  if (size === null || size < expected) {
    const message = `Expected ${expected} bytes of staged records in ${path}, which an ingestion that was cut short left there, found ${size ?? "no such file"}. Restore the file from a backup; or delete the folder above it, which makes every source new again.`;
    throw new LakeError("LAKE_INVALID", message, { file: path, expected, found: size });
  }
  const staged = await lake.storage.openForReading(absolute);
  try {
    let lines = 0;
    for (const segment of journal.segments) lines += await appendSegment(lake, staged, segment, resumed);
    return lines;
  } finally {
    await staged.close();
  }
}

async function appendSegment(
  lake: Lake,
  staged: ByteReader,
  segment: StagedSegment,
  resumed: boolean,
): Promise<number> {
  const chunks = chunksOf(staged, segment);
  let appended = 0;
  let tail = resumed ? segment.size : null;
  let file: AppendFile | null = null;
  try {
    file = await AppendFile.open(lake, segment.file);
    for await (const lines of chunks) {
      let missing = lines;
      if (tail !== null) {
        // The chunks were appended in order: behind the first one that is not all there, there is none.
        const found = await findLines(lake, segment.file, tail, lines);
        missing = found.missing;
        tail = missing.length === 0 ? found.end : null;
      }
      if (missing.length === 0) continue;
      const bytes = Buffer.concat([Buffer.of(LF), ...missing]);
      await file.append(bytes, bytes.length);
      appended += missing.length;
    }
    await file.sync();
    return appended;
  } catch (thrown) {
    if (thrown instanceof LakeError) throw thrown;
    const cause = thrown instanceof AppendInterrupted ? thrown.cause : thrown;
    const message = `Expected to append new records to ${segment.file}, but the storage refused (${messageOf(cause)}). Mend the storage, then run again: what is missing is appended then.`;
    throw new BronzeError("APPEND_FAILED", message, { file: segment.file, code: systemCode(cause) }, { cause });
  } finally {
    await file?.close();
  }
}

/** The staged lines, in groups that fit into memory. The same ones each time. */
async function* chunksOf(staged: ByteReader, { from, to }: StagedSegment): AsyncGenerator<Buffer[]> {
  let lines: Buffer[] = [];
  let bytes = 0;
  for await (const line of linesFrom(staged, from, to)) {
    lines.push(Buffer.from(line.bytes));
    bytes += line.bytes.length;
    if (bytes < CHUNK_BYTES) continue;
    yield lines;
    lines = [];
    bytes = 0;
  }
  if (lines.length > 0) yield lines;
}

/** Looks for lines in a bronze file from the offset `from` on; `end` is where the last one of them ends. */
async function findLines(
  lake: Lake,
  path: LakePath,
  from: number,
  lines: readonly Buffer[],
): Promise<{ missing: Buffer[]; end: number }> {
  const absolute = await resolveInLake(lake, path);
  // A record that was imported may stand twice.
  const wanted = new Map<string, number>();
  for (const line of lines) wanted.set(line.toString("latin1"), (wanted.get(line.toString("latin1")) ?? 0) + 1);
  const found = new Map<string, number>();
  let count = 0;
  const file = await lake.storage.openForReading(absolute);
  let end = from;
  let half = "";
  try {
    for await (const line of linesFrom(file, from, Number.POSITIVE_INFINITY)) {
      const text = line.bytes.toString("latin1");
      const before = found.get(text) ?? 0;
      if (!line.whole) half = text;
      else if (before < (wanted.get(text) ?? 0)) {
        found.set(text, before + 1);
        end = line.end;
        if (++count === lines.length) break;
      }
    }
  } finally {
    await file.close();
  }
  const missing = lines.filter((line) => {
    const left = found.get(line.toString("latin1")) ?? 0;
    found.set(line.toString("latin1"), left - 1);
    return left <= 0;
  });
  const [first, ...others] = missing;
  const isOurs = half !== "" && first?.toString("latin1").startsWith(half) === true;
  if (isOurs && (await completeLine(absolute, first, half.length))) return { missing: others, end };
  return { missing, end };
}

/**
 * Writes the rest of a line whose first `written` bytes end the file, as a process that was killed left it. False when another
 * process appended something at the same moment, so that the line is not whole.
 */
async function completeLine(absolute: string, line: Buffer, written: number): Promise<boolean> {
  const file = await open(absolute, "a+");
  try {
    const start = (await file.stat()).size - written;
    await file.write(line, written, line.length - written);
    const found = Buffer.alloc(line.length);
    await file.read(found, 0, found.length, start);
    return found.equals(line);
  } finally {
    await file.close();
  }
}
