import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Lake } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { systemCode } from "../errors.ts";
import { LF } from "../scanner/bytes.ts";

const MOST_LOOKS = 20;
const LOOKS_AT_HALF_A_LINE = 5;
const LOOK_MILLISECONDS = 2;

/** The storage refused in the middle of lines. */
export class AppendInterrupted extends Error {
  /** Index in the bytes given after the last line that was written whole. */
  readonly written: number;

  constructor(written: number, cause: unknown) {
    super("The storage refused to take more.", { cause });
    this.written = written;
  }
}

/**
 * One bronze file, to which any number of processes append at once.
 *
 * Lines are written whole, many to one call, in append mode, so that the system puts them one after the other. A line that was
 * written in part, by a process that died or on a full disk, is never continued: it is ended with a line feed, and the line is
 * written anew.
 */
export class AppendFile {
  readonly path: LakePath;
  readonly #file: FileHandle;

  private constructor(path: LakePath, file: FileHandle) {
    this.path = path;
    this.#file = file;
  }

  /** Opens the file, and makes it and its folders durable where they are new. */
  static async open(lake: Lake, path: LakePath): Promise<AppendFile> {
    const absolute = await resolveInLake(lake, path);
    const folder = dirname(absolute);
    await lake.storage.makeFolder(folder);
    const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
    try {
      const file = await open(absolute, O_APPEND | O_CREAT | O_EXCL | O_RDWR, 0o666);
      try {
        await lake.storage.sync(folder);
      } catch (error) {
        await file.close();
        throw error;
      }
      return new AppendFile(path, file);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw error;
      return new AppendFile(path, await open(absolute, O_APPEND | O_RDWR));
    }
  }

  /**
   * Appends the lines `bytes[1, length)`; `bytes[0]` is a line feed. They are durable after `sync`.
   *
   * @throws AppendInterrupted
   */
  async append(bytes: Buffer, length: number): Promise<void> {
    let from = 1;
    let fruitless = 0;
    while (from < length) {
      const next = await this.#appendOnce(bytes, from, length);
      fruitless = next === from ? fruitless + 1 : 0;
      if (fruitless === 2) throw new AppendInterrupted(from, new Error("No line could be written whole."));
      from = next;
    }
  }

  /** Returns the index after the last line that is whole in the file. */
  async #appendOnce(bytes: Buffer, from: number, length: number): Promise<number> {
    try {
      const { size, fresh } = await this.#lookAtEnd();
      const start = fresh ? from : from - 1;
      const { bytesWritten } = await this.#file.write(bytes, start, length - start);
      const end = start + bytesWritten;
      const whole = Math.max(bytes.subarray(0, end).lastIndexOf(LF) + 1, from);
      if (fresh && whole > from) await this.#mend(bytes.subarray(from, whole), size, end - start);
      return whole;
    } catch (error) {
      throw new AppendInterrupted(from, error);
    }
  }

  /**
   * Whether the file ends with a line feed. While another process is writing, it can seem not to; half a line is one that stays
   * so for a while. (To be wrong here costs an empty line, which is nothing.)
   */
  async #lookAtEnd(): Promise<{ size: number; fresh: boolean }> {
    let size = -1;
    let unchanged = 0;
    for (let looks = 0; looks < MOST_LOOKS && unchanged < LOOKS_AT_HALF_A_LINE; looks++) {
      const before = size;
      size = (await this.#file.stat()).size;
      if (size === 0 || (await this.#read(size - 1, 1))[0] === LF) return { size, fresh: true };
      unchanged = size === before ? unchanged + 1 : 0;
      await setTimeout(LOOK_MILLISECONDS);
    }
    return { size, fresh: false };
  }

  /**
   * Others may have appended since the last byte of the file was looked at. Where one of them left half a line, our first line
   * has become part of it, and is written again.
   */
  async #mend(lines: Buffer, sizeBefore: number, written: number): Promise<void> {
    const size = (await this.#file.stat()).size;
    if (size === sizeBefore + written) return;
    const first = lines.subarray(0, lines.indexOf(LF) + 1);
    const added = await this.#read(sizeBefore, size - sizeBefore);
    for (let at = added.indexOf(first); at >= 0; at = added.indexOf(first, at + first.length)) {
      if (at === 0 || added[at - 1] === LF) continue;
      const again = Buffer.concat([Buffer.of(LF), first]);
      await this.append(again, again.length);
    }
  }

  async #read(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.#file.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  /** The file no longer has a name in its folder: what is appended to it is lost. */
  async isRemoved(): Promise<boolean> {
    return (await this.#file.stat()).nlink === 0;
  }

  /** Returns when all that was appended is on disk. */
  async sync(): Promise<void> {
    await this.#file.datasync();
  }

  /** Never fails: what matters of the file was said by `sync`. */
  async close(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}
