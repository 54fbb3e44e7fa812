import type { Lake } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { BronzeError, messageOf, systemCode } from "../errors.ts";
import { AppendFile, AppendInterrupted } from "./append-file.ts";
import type { Block } from "./block.ts";

/** What the lines of one block came to. */
export interface Fate {
  readonly block: Block;
  /** Index after the last byte that is on disk. */
  readonly kept: number;
  /** Why the lines behind it are not; null when all of them are. */
  readonly error: BronzeError | null;
}

/**
 * Brings blocks to disk, one file at a time: while those written are synced, the next ones can be written.
 *
 * Only one sync is under way at a time: of two on one open file, the system may tell only one of an error. Whatever the file had
 * taken by the time of an error may have been dropped, so that a failed sync takes with it all that is not known to be on disk:
 * what it was to bring there, and what was written since.
 */
export class BlockWriter {
  /** The first failure. */
  failure: BronzeError | null = null;
  readonly #lake: Lake;
  readonly #settle: (fate: Fate) => void;
  #path: LakePath = "";
  #file: AppendFile | null = null;
  /** Blocks without a fate, in their order. The first `#written` of them are in the file as a whole. */
  #unsettled: Block[] = [];
  #written = 0;
  #writing = false;
  #syncing: Promise<void> | null = null;
  /** A sync has failed while blocks were being written: they are to share the fate of those that it was for. */
  #syncFailure: { readonly cause: unknown } | null = null;

  /** `settle` is called once for each block given to `write`, in their order. */
  constructor(lake: Lake, settle: (fate: Fate) => void) {
    this.#lake = lake;
    this.#settle = settle;
  }

  /** Null when all that was written has its fate; else a promise to wait for, which never rejects. */
  get syncing(): Promise<void> | null {
    return this.#syncing;
  }

  /** Writes to this file from now on. Returns when everything written to another one is on disk or has failed. */
  async turnTo(path: LakePath): Promise<void> {
    if (path === this.#path) return;
    await this.close();
    this.#path = path;
  }

  /**
   * Writes blocks to the file. Returns when they are written, and are being synced or wait for the sync before theirs to end; or
   * when they have their fates, because not all of them could be written, or because that sync failed meanwhile.
   */
  async write(blocks: readonly Block[]): Promise<void> {
    this.#unsettled.push(...blocks);
    this.#writing = true;
    try {
      await this.#append(blocks);
    } catch (error) {
      await this.#giveUp(error);
    } finally {
      this.#writing = false;
    }
  }

  /** Returns when everything written is on disk or has failed. */
  async close(): Promise<void> {
    while (this.#syncing !== null) await this.#syncing;
    await this.#closeFile();
  }

  async #append(blocks: readonly Block[]): Promise<void> {
    const file = await this.#openFile();
    for (const block of blocks) {
      this.#checkSync();
      await file.append(block.bytes, block.length);
      this.#written++;
    }
    this.#checkSync();
    this.#syncing ??= this.#sync(file);
  }

  #checkSync(): void {
    if (this.#syncFailure !== null) throw this.#syncFailure.cause;
  }

  /** Brings to disk all that is written, also what is written by the time a sync has ended. */
  async #sync(file: AppendFile): Promise<void> {
    try {
      do {
        const count = this.#written;
        await file.sync();
        this.#written -= count;
        for (const block of this.#unsettled.splice(0, count)) {
          this.#settle({ block, kept: block.length, error: null });
        }
      } while (this.#written > 0);
    } catch (cause) {
      if (this.#writing) this.#syncFailure = { cause };
      else await this.#refuse([...this.#unsettled], 1, cause);
    } finally {
      this.#syncing = null;
    }
  }

  /** Keeps what of the blocks was written before one of them could not be. */
  async #giveUp(thrown: unknown): Promise<void> {
    const expected = [...this.#unsettled];
    while (this.#syncing !== null) await this.#syncing;
    const end = thrown instanceof AppendInterrupted ? thrown.written : 1;
    if (this.#file !== null && this.#syncFailure === null && (this.#written > 0 || end > 1))
      await this.#sync(this.#file);
    if (this.#syncFailure !== null) await this.#refuse(expected, 1, this.#syncFailure.cause);
    else await this.#refuse(expected, end, thrown instanceof AppendInterrupted ? thrown.cause : thrown);
  }

  /**
   * Settles all that has no fate yet as not on disk, but for the lines of the first block before the index `end`.
   *
   * @param expected what was to be brought to disk, of which some may have been
   */
  async #refuse(expected: readonly Block[], end: number, cause: unknown): Promise<void> {
    const refused = this.#unsettled;
    this.#unsettled = [];
    this.#written = 0;
    this.#syncFailure = null;
    const path = this.#path;
    const lines = linesOf(expected);
    const lost = linesOf(refused) - (refused[0]?.linesBefore(end) ?? 0);
    const error = new BronzeError(
      "APPEND_FAILED",
      `Expected to append ${lines} records to ${path}; ${lines - lost} are on disk, ${lost} are not acknowledged ` +
        `(${messageOf(cause)}). Mend the storage, then append those again.`,
      { file: path, code: systemCode(cause), kept: lines - lost, lost },
      { cause },
    );
    this.failure ??= error;
    for (const [index, block] of refused.entries()) this.#settle({ block, kept: index === 0 ? end : 1, error });
    await this.#closeFile();
  }

  async #openFile(): Promise<AppendFile> {
    if (this.#file !== null && !(await this.#file.isRemoved())) return this.#file;
    await this.close();
    this.#file = await AppendFile.open(this.#lake, this.#path);
    return this.#file;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}

function linesOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.lines, 0);
}
