import { type Engine, EngineError, openDuckDb } from "@medallion/engine";
import { acquireLock, beginTransaction, type Lake, type Transaction } from "@medallion/lake";

/** How a command works on a lake. */
export interface SessionOptions {
  /** As the lock and the commit name it. */
  readonly command: string;
  readonly version: string;
  readonly waitMs: number;
  /** `duckdb`, or the `sc://…` of a Spark Connect server. */
  readonly engineUrl: string;
  readonly threads?: number;
  readonly memoryLimit?: string;
  readonly signal: AbortSignal;
  /** @param fraction from 0 to 1 */
  readonly onStep: (fraction: number, text: string) => void;
}

const INTERRUPT_EVERY_MS = 100;
const MEBIBYTE = 1024 * 1024;
const BASE_MEMORY_MIB = 560;
/** While a record is checked and completed, its text stands in some sixty columns and buffers. */
const MEMORY_PER_LINE_BYTE = 64;

/** Runs work that changes the lake, under its lock. What the work does not commit is undone. */
export async function inTransaction<T>(
  lake: Lake,
  options: Pick<SessionOptions, "command" | "waitMs" | "signal">,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { command, waitMs, signal } = options;
  const lock = await acquireLock(lake, { command, waitMs, signal });
  try {
    const transaction = await beginTransaction(lake, lock);
    try {
      return await work(transaction);
    } finally {
      await transaction.abort();
    }
  } finally {
    await lock.release();
  }
}

/**
 * Runs work with an engine, which the signal interrupts.
 * @param longestLine in bytes; memory is given in proportion to it
 */
export async function withEngine<T>(
  lake: Lake,
  transaction: Transaction,
  longestLine: number,
  options: SessionOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  return await withEngineOnDemand(lake, transaction, longestLine, options, async (open) => work(await open()));
}

/** As `withEngine`, for work that may need no engine: it is opened when it is first asked for. */
export async function withEngineOnDemand<T>(
  lake: Lake,
  transaction: Transaction,
  longestLine: number,
  options: SessionOptions,
  work: (open: () => Promise<Engine>) => Promise<T>,
): Promise<T> {
  options.signal.throwIfAborted();
  const engine = new EngineOnDemand(() => openEngine(lake, transaction, longestLine, options));
  return await untilAborted(engine, options.signal, () => work(() => engine.open()));
}

/** What stops with its engine, where there is one by then. */
class EngineOnDemand implements Pick<Engine, "interrupt" | "close"> {
  readonly #open: () => Promise<Engine>;
  #opening: Promise<Engine> | undefined;
  #engine: Engine | undefined;

  constructor(open: () => Promise<Engine>) {
    this.#open = open;
  }

  async open(): Promise<Engine> {
    this.#opening ??= this.#open();
    this.#engine = await this.#opening;
    return this.#engine;
  }

  interrupt(): void {
    this.#engine?.interrupt();
  }

  async close(): Promise<void> {
    await this.#engine?.close();
  }
}

async function openEngine(
  lake: Lake,
  transaction: Transaction,
  longestLine: number,
  { engineUrl, threads, memoryLimit }: SessionOptions,
): Promise<Engine> {
  const { timeZone, root } = lake;
  if (engineUrl !== "duckdb") {
    const { openSpark } = await import("@medallion/engine/spark");
    return await openSpark({ url: engineUrl, timeZone, stagingFolder: `${transaction.folder}/spark` });
  }
  return await openDuckDb({
    timeZone,
    folders: [root],
    temporaryFolder: `${transaction.folder}/spill`,
    ...(threads === undefined ? {} : { threads }),
    memoryLimit: memoryLimit ?? memoryFor(longestLine),
  });
}

/** The memory that an engine needs to judge lines. */
export function memoryFor(longestLine: number): string {
  return `${BASE_MEMORY_MIB + Math.ceil((MEMORY_PER_LINE_BYTE * longestLine) / MEBIBYTE)}MiB`;
}

/**
 * Runs work with an engine, which the signal interrupts, and closes it.
 * @throws the signal's reason when a statement was interrupted because of it
 */
export async function untilAborted<T, E extends Pick<Engine, "interrupt" | "close">>(
  engine: E,
  signal: AbortSignal,
  work: (engine: E) => Promise<T>,
): Promise<T> {
  // What comes between two statements stops neither, so it is said until the work has ended.
  let interrupts: NodeJS.Timeout | undefined;
  const stop = () => {
    engine.interrupt();
    interrupts ??= setInterval(() => engine.interrupt(), INTERRUPT_EVERY_MS);
  };
  signal.addEventListener("abort", stop);
  try {
    return await work(engine);
  } catch (error) {
    if (error instanceof EngineError && error.code === "INTERRUPTED") signal.throwIfAborted();
    throw error;
  } finally {
    clearInterval(interrupts);
    signal.removeEventListener("abort", stop);
    await engine.close();
  }
}
