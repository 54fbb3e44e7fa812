import { join } from "node:path";
import type { LineSource } from "@medallion/engine";
import {
  type Lake,
  listBronze,
  type MeasuredRange,
  measureRange,
  type PendingFile,
  type ReadRange,
  type Transaction,
} from "@medallion/lake";
import { readName, resolveInLake } from "@medallion/lake/layout";
import type { PromotionPlan } from "./plan.ts";

/** New bytes of bronze: what the commit records of them, and where the engine reads them. */
export interface BronzeRange {
  readonly file: PendingFile;
  readonly measured: MeasuredRange;
  readonly read: ReadRange;
  readonly source: LineSource;
  /** Whether the engine reads bronze itself and not a copy. */
  readonly inPlace: boolean;
}

/**
 * Measures the bytes that a plan reads. A file read for the first time is read where it is; of one that has grown, the
 * new part is copied to the transaction's folder, for engines cannot begin or end in mid-file. Files without a whole
 * new line are left out.
 */
export async function measurePromotion(
  lake: Lake,
  transaction: Transaction,
  plan: PromotionPlan,
): Promise<BronzeRange[]> {
  const ranges: BronzeRange[] = [];
  for (const [index, file] of plan.files.entries()) {
    const running = file.from === 0 ? "" : (transaction.state.files.get(file.path)?.running ?? "");
    const range = await measureFile(lake, file, running, join(transaction.folder, `range-${index}.jsonl`));
    if (range.measured.to > file.from) ranges.push(range);
  }
  return ranges;
}

/** The longest line of the ranges in bytes; 0 when there is none. An engine needs memory in proportion to it. */
export function longestLineBytes(ranges: readonly BronzeRange[]): number {
  return Math.max(0, ...ranges.map((range) => range.measured.maxLineBytes));
}

/**
 * Replaces the ranges that are read in place and whose files have grown in the meantime by copies. Null when there is
 * none: what the engine has read is what was measured.
 */
export async function pinGrown(
  lake: Lake,
  folder: string,
  bronzeFolder: string,
  ranges: readonly BronzeRange[],
): Promise<BronzeRange[] | null> {
  const sizes = new Map((await listBronze(lake, bronzeFolder)).map((file) => [file.path, file.size]));
  const isGrown = (range: BronzeRange) => range.inPlace && sizes.get(range.file.path) !== range.measured.to;
  if (!ranges.some(isGrown)) return null;
  const pinned: BronzeRange[] = [];
  for (const [index, range] of ranges.entries()) {
    const copyTo = join(folder, `pinned-${index}.jsonl`);
    pinned.push(isGrown(range) ? await copyRange(lake, range.file, range.measured.to, "", copyTo) : range);
  }
  return pinned;
}

async function measureFile(lake: Lake, file: PendingFile, running: string, copyTo: string): Promise<BronzeRange> {
  if (file.from > 0) return copyRange(lake, file, file.size, running, copyTo);
  const measured = await measureRange(lake, file.path, 0, file.size, running);
  if (measured.to < file.size) return copyRange(lake, file, measured.to, running, copyTo);
  return rangeOf(lake, file, measured, await resolveInLake(lake, file.path), true);
}

async function copyRange(
  lake: Lake,
  file: PendingFile,
  to: number,
  running: string,
  copyTo: string,
): Promise<BronzeRange> {
  const measured = await measureRange(lake, file.path, file.from, to, running, { copyTo });
  return rangeOf(lake, file, measured, copyTo, false);
}

async function rangeOf(
  lake: Lake,
  file: PendingFile,
  measured: MeasuredRange,
  path: string,
  inPlace: boolean,
): Promise<BronzeRange> {
  const { to, lines, sha256, running } = measured;
  const read = { dataset: file.dataset, file: file.path, from: file.from, to, lines, sha256, running };
  const part = file.part === null ? null : await readName(lake, file.part);
  return { file, measured, read, source: { path, file: file.path, part }, inPlace };
}
