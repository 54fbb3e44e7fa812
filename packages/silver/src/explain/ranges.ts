import { join } from "node:path";
import {
  type CountedCommit,
  type Lake,
  listBronze,
  measureRange,
  type PendingFile,
  type ReadRange,
} from "@medallion/lake";
import { type LakePath, readName, resolveInLake } from "@medallion/lake/layout";
import type { Dataset } from "@medallion/schema";
import type { BronzeRange } from "../promote/ranges.ts";
import { notExplainable } from "./not-explainable.ts";

/** The copy of a range that an earlier commit read. */
export interface ReplayedRange extends BronzeRange {
  readonly commit: number;
  /** Whether the silver of the partition was retired when it was read. */
  readonly retired: boolean;
  /** The number of its first line in the file, from 1. */
  readonly firstLine: number;
}

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Copies the ranges of bronze that commits have read to a folder, and checks that they are what was read.
 * @throws SilverError NOT_EXPLAINABLE when a file is gone, shorter or other than what was read
 */
export async function copyRanges(
  lake: Lake,
  dataset: Dataset,
  history: readonly CountedCommit[],
  folder: string,
): Promise<ReplayedRange[]> {
  const listed = new Map((await listBronze(lake, dataset.folders.bronze)).map((file) => [file.path, file]));
  const counters = new Map<LakePath, LineNumbers>();
  const ranges: ReplayedRange[] = [];
  for (const { number, retired, reads } of history) {
    for (const read of reads) {
      const file = listed.get(read.file);
      if (file === undefined || file.size < read.to) throw goneError(read, file?.size ?? null);
      const counter = counters.get(read.file) ?? new LineNumbers();
      counters.set(read.file, counter);
      const firstLine = await counter.lineAt(lake, read.file, read.from);
      const copyTo = join(folder, `range-${ranges.length}.jsonl`);
      const range = await copyRange(lake, { ...file, dataset: dataset.name, from: read.from }, read, copyTo);
      ranges.push({ ...range, commit: number, retired, firstLine });
    }
  }
  return ranges;
}

async function copyRange(lake: Lake, file: PendingFile, read: ReadRange, copyTo: string): Promise<BronzeRange> {
  const { from, to } = read;
  const measured = await measureRange(lake, file.path, from, to, "", { copyTo, final: true });
  if (measured.sha256 !== read.sha256) {
    const problem = `the bytes ${from} to ${to} of ${file.path} are not those that the run read`;
    throw notExplainable(problem, "`medallion verify` says what differs", { file: file.path, from, to });
  }
  const part = file.part === null ? null : await readName(lake, file.part);
  return { file, measured, read, source: { path: copyTo, file: file.path, part }, inPlace: false };
}

function goneError({ file, to }: ReadRange, size: number | null) {
  const problem =
    size === null
      ? `${file} is gone, from which it was counted`
      : `${file} has ${size} bytes of the ${to} that were read`;
  return notExplainable(problem, "retention may have removed it; with the file from a backup it can be explained", {
    file,
  });
}

/** Counts the lines before ever later bytes of a file, reading each byte once. */
class LineNumbers {
  #at = 0;
  #newlines = 0;

  /** The number, from 1, of the line that a byte stands in. Bytes are asked for in ascending order, or from 0 again. */
  async lineAt(lake: Lake, file: LakePath, byte: number): Promise<number> {
    if (byte < this.#at) [this.#at, this.#newlines] = [0, 0];
    const reader = await lake.storage.openForReading(await resolveInLake(lake, file));
    try {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      while (this.#at < byte) {
        const piece = buffer.subarray(0, Math.min(CHUNK_BYTES, byte - this.#at));
        const count = await reader.read(piece, this.#at);
        if (count === 0) break;
        for (let at = piece.indexOf(NEWLINE); at !== -1 && at < count; at = piece.indexOf(NEWLINE, at + 1)) {
          this.#newlines++;
        }
        this.#at += count;
      }
    } finally {
      await reader.close();
    }
    return this.#newlines + 1;
  }
}
