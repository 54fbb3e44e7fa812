import { createHash, type Hash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { LF } from "../scanner/bytes.ts";
import { isGzip } from "../source/gunzip.ts";
import type { FileNote, KnownFiles } from "./known-files.ts";

const CHUNK_BYTES = 1024 * 1024;
/** A file that was written to so short a time ago may be written to again without a change of its times. */
const SETTLED_MS = 2000;

/** What there is to do with a file. */
type Verdict =
  /**
   * Nothing: what it holds is in bronze. `note` is what is to be noted of it, or null when that is so already. `copyOf`: where its
   * content was found when that was not in this file as it was last seen; null when nobody knows any more.
   */
  | { readonly kind: "known"; readonly note: FileNote | null; readonly copyOf?: string | null }
  /** To be read as a whole. */
  | { readonly kind: "whole"; readonly note: FileNote }
  /** To be read from an offset on, in lines or documents. `hash` is of the bytes before. */
  | {
      readonly kind: "lines";
      readonly from: number;
      readonly line: number;
      readonly hash: Hash;
      /** What was noted of the file at this path is the beginning of it. */
      readonly grown: boolean;
      /** What is to be noted of it even when nothing is read: the bytes before the offset were noted of a file elsewhere. */
      readonly note: FileNote | null;
      /** Its writer may not be done with the last line. */
      readonly hold: boolean;
    };

export interface Examined {
  /** Size and identity when it was looked at. */
  readonly size: number;
  readonly inode: string;
  readonly stamp: string;
  /** Changes whenever the system says that the file was written to. */
  readonly times: string;
  readonly verdict: Verdict;
}

/**
 * Finds out what of a file is new. The file is read to its end, unless its size and times say that it is as it was.
 * @param path the file's absolute path, with links followed
 * @param byLines whether it may be read by lines; a gzip file never is
 * @param time now, in milliseconds since the epoch, and for how long a last line without a line end is waited for
 */
export async function examine(
  file: FileHandle,
  path: string,
  known: KnownFiles,
  byLines: boolean,
  time: { readonly now: number; readonly holdMs: number },
): Promise<Examined> {
  const stats = await file.stat({ bigint: true });
  const size = Number(stats.size);
  const inode = `${stats.dev}:${stats.ino}`;
  const stamp = stampOf(stats, time.now);
  const hold = time.now - Number(stats.mtimeMs) < time.holdMs;
  const before = known.at(path);
  const facts = { size, inode, stamp, times: timesOf(stats) };
  if (before !== undefined && before.stamp === stamp && stamp !== "" && before.bytes === size) {
    return { ...facts, verdict: { kind: "known", note: null } };
  }
  const renamed = known.withInode(inode);
  const candidates = [before, renamed].filter((candidate) => candidate !== undefined && candidate.bytes <= size);
  const read = await hashOf(
    file,
    size,
    candidates.map((candidate) => candidate?.bytes ?? 0),
  );
  const note = { path, bytes: size, line: read.line, sha256: read.sha256, inode, stamp };
  const place = known.placeOf(read.sha256);
  if (place !== undefined) {
    if (before?.sha256 === read.sha256) {
      const isNoted = before.stamp === stamp && before.inode === inode;
      return { ...facts, verdict: { kind: "known", note: isNoted ? null : note } };
    }
    const isRenamed = renamed?.sha256 === read.sha256 && renamed.stamp.startsWith(writtenOf(stats));
    return { ...facts, verdict: { kind: "known", note, ...(isRenamed || size === 0 ? {} : { copyOf: place }) } };
  }
  if (!byLines || read.zipped) return { ...facts, verdict: { kind: "whole", note } };
  for (const candidate of candidates) {
    const hash = read.hashes.get(candidate?.bytes ?? 0);
    if (candidate === undefined || hash?.copy().digest("hex") !== candidate.sha256) continue;
    const { bytes: from, line, sha256 } = candidate;
    const elsewhere = candidate !== before || candidate.inode !== inode;
    const moved = { path, bytes: from, line, sha256, inode, stamp: from === size ? stamp : "" };
    const begin = { from, line, hash, grown: candidate === before, note: elsewhere ? moved : null };
    return { ...facts, verdict: { kind: "lines", ...begin, hold } };
  }
  const begin = { from: 0, line: 1, hash: createHash("sha256"), grown: false, note: null };
  return { ...facts, verdict: { kind: "lines", ...begin, hold } };
}

/** Device, inode, size and times of a file as one text. */
export function timesOf(stats: BigIntStats): string {
  return `${writtenOf(stats)}${stats.ctimeNs}`;
}

/** The beginning of the times of a file, which stays when it is renamed. */
function writtenOf({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:`;
}

function stampOf(stats: BigIntStats, now: number): string {
  const changed = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
  return now - changed < SETTLED_MS ? "" : timesOf(stats);
}

interface HashedFile {
  readonly sha256: string;
  /** The line on which the byte after the end stands. */
  readonly line: number;
  readonly zipped: boolean;
  /** The hashes at the offsets asked for. */
  readonly hashes: ReadonlyMap<number, Hash>;
}

async function hashOf(file: FileHandle, size: number, offsets: readonly number[]): Promise<HashedFile> {
  const hash = createHash("sha256");
  const hashes = new Map<number, Hash>();
  const stops = [...new Set([...offsets, size])].sort((a, b) => a - b);
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, size)));
  const start = Buffer.alloc(2);
  await file.read(start, 0, 2, 0);
  let position = 0;
  let line = 1;
  for (const stop of stops) {
    while (position < stop) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, stop - position), position);
      if (bytesRead === 0) break;
      const bytes = buffer.subarray(0, bytesRead);
      for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) line++;
      hash.update(bytes);
      position += bytesRead;
    }
    hashes.set(stop, hash.copy());
  }
  return { sha256: hash.digest("hex"), line, zipped: isGzip(start), hashes };
}
