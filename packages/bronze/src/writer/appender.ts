import type { Lake } from "@medallion/lake";
import { bronzePath, type LakePath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import type { BronzeError } from "../errors.ts";
import { Block, type Tally, type Waiter } from "./block.ts";
import { BlockWriter, type Fate } from "./block-writer.ts";
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
/** How long lines that nobody waits for may gather, in milliseconds: those of a slow stream are to be found soon, too. */
const GATHERING_MS = 1000;
const QUEUE_BYTES = 16 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 16 * 1024;
const SPARE_BUFFERS = 16;

/**
 * Gathers bronze lines and brings them to disk in groups: while one group is written and synced, the next one gathers, and is
 * written before that sync has ended only when it fills a block. A group that fails takes with it what was written to its file
 * since, or is being written; what comes later is tried anew, unless `stopAtFailure`.
 */
export class Appender {
  readonly clock: IngestionClock;
  /** The files that lines were kept in. */
  readonly files = new Set<LakePath>();
  readonly #writer: BlockWriter;
  readonly #target: BronzeTarget;
  readonly #stopAtFailure: boolean;
  #open: Block | null = null;
  /** Seals what is open when it has gathered for long. */
  #timer: NodeJS.Timeout | null = null;
  /** Blocks to be written, and their bytes. */
  #queue: Block[] = [];
  #unwritten = 0;
  /** Bytes of all blocks that have no fate yet, but for the open one. */
  #underWay = 0;
  #running: Promise<void> | null = null;
  #blockFull: (() => void) | null = null;
  #settled: (() => void)[] = [];
  readonly #spare: Buffer[] = [];
  /** The path last asked for: every record asks, and they are of one day. */
  #known: { readonly day: Day; readonly path: LakePath } | null = null;

  /** @throws LakeError `NAME_INVALID` for a target that cannot be a file name */
  constructor(lake: Lake, target: BronzeTarget, options: { now: () => number; stopAtFailure: boolean }) {
    this.clock = new IngestionClock(lake.timeZone, options.now);
    this.#writer = new BlockWriter(lake, (fate) => this.#settle(fate));
    this.#target = target;
    this.#stopAtFailure = options.stopAtFailure;
    this.#pathOf("20000101");
  }

  /** The first failure. */
  get failure(): BronzeError | null {
    return this.#writer.failure;
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
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#seal();
      }, GATHERING_MS).unref();
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
    if (this.#underWay < QUEUE_BYTES) return null;
    return new Promise((resolve) => this.#settled.push(resolve));
  }

  /** Returns when everything is on disk, or has failed. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#seal();
    while (this.#running !== null) await this.#running;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#writer.close();
  }

  #pathOf(day: Day): LakePath {
    if (this.#known?.day !== day) this.#known = { day, path: bronzePath(this.#target.folder, day, this.#target.part) };
    return this.#known.path;
  }

  #seal(): void {
    const block = this.#open;
    this.#open = null;
    if (block === null || block.lines === 0) return;
    this.#queue.push(block);
    this.#unwritten += block.length;
    this.#underWay += block.length;
    if (this.#unwritten >= BLOCK_BYTES) this.#blockFull?.();
    this.#run();
  }

  #run(): void {
    this.#running ??= this.#writeGroups();
  }

  async #writeGroups(): Promise<void> {
    // Lets everything that is appended in the same turn of the event loop join the first group.
    await Promise.resolve();
    for (;;) {
      const { syncing } = this.#writer;
      if (syncing !== null && this.#unwritten < BLOCK_BYTES) {
        const full = new Promise<void>((resolve) => {
          this.#blockFull = resolve;
        });
        await Promise.race([syncing, full]);
        continue;
      }
      if (syncing === null && this.#open !== null && this.#open.waiters.length > 0) this.#seal();
      const group = this.#queue;
      if (group.length === 0) break;
      this.#queue = [];
      this.#unwritten = 0;
      await this.#writeGroup(group);
    }
    this.#running = null;
  }

  async #writeGroup(group: readonly Block[]): Promise<void> {
    let from = 0;
    while (from < group.length) {
      const day = group[from]?.day ?? "";
      const changes = group.findIndex((block, index) => index > from && block.day !== day);
      const until = changes < 0 ? group.length : changes;
      const blocks = group.slice(from, until);
      from = until;
      await this.#writer.turnTo(this.#pathOf(day));
      const error = this.#stopAtFailure ? this.failure : null;
      if (error === null) await this.#writer.write(blocks);
      else for (const block of blocks) this.#settle({ block, kept: 1, error });
    }
  }

  #settle({ block, kept, error }: Fate): void {
    this.#underWay -= block.length;
    for (const resolve of this.#settled.splice(0)) resolve();
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
}
