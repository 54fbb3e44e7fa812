import type { Lake } from "@medallion/lake";
import { bronzePath, type LakePath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { BronzeError, systemCode } from "../errors.ts";
import { AppendFile, AppendInterrupted } from "./append-file.ts";
import { Block, type Tally, type Waiter } from "./block.ts";
import { IngestionClock } from "./clock.ts";

/** Where in the lake records go. */
export interface BronzeTarget {
  /** Folder under `bronze/`, such as `raw-tasks`. */
  readonly folder: string;
  /** First part of the file names, already encoded (`nameFile` of `@medallion/lake/layout`): the event type, the master. */
  readonly part?: string;
}

/** Each block is written by a few calls, which the next lines being read hold up: fewer blocks are sooner on disk. */
const BLOCK_BYTES = 8 * 1024 * 1024;
const QUEUE_BYTES = 16 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 16 * 1024;
const SPARE_BUFFERS = 16;

/** What the lines of one block came to. */
interface Fate {
  readonly block: Block;
  /** Index after the last byte that is on disk. */
  readonly kept: number;
  readonly error: BronzeError | null;
}

/**
 * Gathers bronze lines and brings them to disk in groups: while one group is written and synced, the next one gathers.
 * A group that fails takes with it what had gathered by then; what comes later is tried anew, unless `stopAtFailure`.
 */
export class Appender {
  readonly clock: IngestionClock;
  /** The files that lines were kept in. */
  readonly files = new Set<LakePath>();
  /** The first failure. */
  failure: BronzeError | null = null;
  readonly #lake: Lake;
  readonly #target: BronzeTarget;
  readonly #stopAtFailure: boolean;
  #file: AppendFile | null = null;
  #open: Block | null = null;
  #queue: Block[] = [];
  #queued = 0;
  #running: Promise<void> | null = null;
  #groupDone: (() => void)[] = [];
  readonly #spare: Buffer[] = [];
  /** The path last asked for: every record asks, and they are of one day. */
  #known: { readonly day: Day; readonly path: LakePath } | null = null;

  /** @throws LakeError `NAME_INVALID` for a target that cannot be a file name */
  constructor(lake: Lake, target: BronzeTarget, options: { now: () => number; stopAtFailure: boolean }) {
    this.clock = new IngestionClock(lake.timeZone, options.now);
    this.#lake = lake;
    this.#target = target;
    this.#stopAtFailure = options.stopAtFailure;
    this.#pathOf("20000101");
  }

  /** The file of the clock's day. */
  get path(): LakePath {
    return this.#pathOf(this.clock.day);
  }

  /** The block that takes the next line, after the clock has gone on to the line's time. */
  block(tally: Tally | null): Block {
    this.clock.tick();
    let block = this.#open;
    if (block === null || block.day !== this.clock.day || block.tally !== tally || block.length >= BLOCK_BYTES) {
      this.#seal();
      block = new Block(this.clock.day, tally, this.#spare.pop() ?? Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES));
      this.#open = block;
    }
    return block;
  }

  /** Calls one of the functions when the last line of the open block is on disk, or cannot be brought there. */
  wait(kept: Waiter["kept"], lost: Waiter["lost"]): void {
    const block = this.#open;
    if (block === null) return;
    block.waiters.push({ line: block.lines - 1, kept, lost });
    this.#run();
  }

  /** A promise to wait for while too much is on its way to disk, or null. */
  ready(): Promise<void> | null {
    if (this.#queued < QUEUE_BYTES || this.#running === null) return null;
    return new Promise((resolve) => this.#groupDone.push(resolve));
  }

  /** Returns when everything is on disk, or has failed. */
  async flush(): Promise<void> {
    this.#run();
    while (this.#running !== null) await this.#running;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#closeFile();
  }

  #pathOf(day: Day): LakePath {
    if (this.#known?.day !== day) this.#known = { day, path: bronzePath(this.#target.folder, day, this.#target.part) };
    return this.#known.path;
  }

  #seal(): void {
    const block = this.#open;
    if (block === null) return;
    this.#open = null;
    this.#queue.push(block);
    this.#queued += block.length;
    this.#run();
  }

  #run(): void {
    this.#running ??= this.#writeGroups();
  }

  async #writeGroups(): Promise<void> {
    // Lets everything that is appended in the same turn of the event loop join the first group.
    await Promise.resolve();
    for (;;) {
      this.#sealOpen();
      const group = this.#queue;
      if (group.length === 0) break;
      this.#queue = [];
      for (const fate of await this.#writeGroup(group)) this.#settle(fate);
      this.#queued = this.#queue.reduce((sum, block) => sum + block.length, 0);
      for (const done of this.#groupDone.splice(0)) done();
    }
    this.#running = null;
  }

  #sealOpen(): void {
    if (this.#open === null || this.#open.lines === 0) return;
    this.#queue.push(this.#open);
    this.#open = null;
  }

  async #writeGroup(group: Block[]): Promise<Fate[]> {
    const fates: Fate[] = [];
    let from = 0;
    while (from < group.length) {
      const day = group[from]?.day;
      const changes = group.findIndex((block, index) => index > from && block.day !== day);
      const until = changes < 0 ? group.length : changes;
      const blocks = group.slice(from, until);
      if (this.failure !== null && (this.#stopAtFailure || fates.some((fate) => fate.error !== null))) {
        const error = this.failure;
        fates.push(...blocks.map((block) => ({ block, kept: 1, error })));
      } else fates.push(...(await this.#writeDay(day ?? "", blocks)));
      from = until;
    }
    return fates;
  }

  async #writeDay(day: string, blocks: Block[]): Promise<Fate[]> {
    const path = this.#pathOf(day);
    const kept = new Map<Block, number>();
    let cause: unknown = null;
    try {
      const file = await this.#openFile(path);
      for (const block of blocks) {
        kept.set(block, 1);
        await file.append(block.bytes, block.length);
        kept.set(block, block.length);
      }
    } catch (error) {
      cause = error;
      const last = [...kept.keys()].at(-1);
      if (error instanceof AppendInterrupted && last !== undefined) kept.set(last, error.written);
    }
    try {
      if (kept.size > 0) await this.#file?.sync();
    } catch (error) {
      // After a failed sync the system may have dropped what it had taken: none of it can be called kept.
      cause = error;
      kept.clear();
    }
    if (cause === null) return blocks.map((block) => ({ block, kept: block.length, error: null }));
    await this.#closeFile();
    const error = this.#fail(path, blocks, kept, cause);
    return blocks.map((block) => {
      const written = kept.get(block) ?? 1;
      return { block, kept: written, error: written === block.length ? null : error };
    });
  }

  #fail(path: LakePath, blocks: Block[], kept: Map<Block, number>, thrown: unknown): BronzeError {
    const cause = thrown instanceof AppendInterrupted ? thrown.cause : thrown;
    const lines = blocks.reduce((sum, block) => sum + block.lines, 0);
    const keptLines = blocks.reduce((sum, block) => sum + block.linesBefore(kept.get(block) ?? 1), 0);
    const code = systemCode(cause);
    const error = new BronzeError(
      "APPEND_FAILED",
      `Expected to append ${lines} records to ${path}; ${keptLines} are on disk, ${lines - keptLines} are not acknowledged ` +
        `(${cause instanceof Error ? cause.message : String(cause)}). Mend the storage, then append those again.`,
      { file: path, code, kept: keptLines, lost: lines - keptLines },
      { cause },
    );
    this.failure ??= error;
    return error;
  }

  #settle({ block, kept, error }: Fate): void {
    const lines = block.linesBefore(kept);
    if (lines > 0) this.files.add(this.#pathOf(block.day));
    if (block.tally !== null) {
      block.tally.records += lines;
      block.tally.raw += block.rawLines.filter((line) => line < lines).length;
      block.tally.bytes += kept - 1;
    }
    for (const waiter of block.waiters) {
      if (waiter.line < lines) waiter.kept();
      else waiter.lost(error);
    }
    if (this.#spare.length < SPARE_BUFFERS && block.bytes.length <= 2 * BLOCK_BYTES) this.#spare.push(block.bytes);
  }

  async #openFile(path: LakePath): Promise<AppendFile> {
    if (this.#file?.path === path && !(await this.#file.isRemoved())) return this.#file;
    await this.#closeFile();
    this.#file = await AppendFile.open(this.#lake, path);
    return this.#file;
  }

  async #closeFile(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}
