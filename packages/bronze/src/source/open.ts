import { constants, openSync } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { BronzeError } from "../errors.ts";
import type { ByteInput } from "../reader/window.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { ChunkInput, FileInput, orAborted } from "./inputs.ts";
import { type PlannedSource, unreadable } from "./plan.ts";
import { ReadAhead } from "./read-ahead.ts";

const LARGEST_CAPACITY = 1024 * 1024;
const SMALLEST_CAPACITY = 4 * 1024;
const GZIP_CHUNK = 256 * 1024;

/** A source that is being read. */
export interface OpenSource {
  readonly input: ByteInput;
  /** A good size for the first buffer, in bytes. */
  readonly capacity: number;
  /** Bytes taken from the source so far, before decompression. */
  bytesRead(): number;
  /**
   * To be asked when all was read: whether the file was written to meanwhile.
   *
   * @throws BronzeError `SOURCE_CHANGED` when it became shorter than what it was
   */
  hasChanged(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Opens a source. Of a file no more is read than what it holds now. A gzip file is decompressed once before, to see that it
 * is whole: nothing of a broken one is handed out.
 *
 * @throws BronzeError `SOURCE_NOT_FOUND`, `SOURCE_UNREADABLE`, `GZIP_BROKEN`
 */
export async function openSource(source: PlannedSource, signal: AbortSignal | undefined): Promise<OpenSource> {
  if (source.kind === "stream") {
    return openChunks(source.stream, async () => {
      source.stream.destroy();
    });
  }
  let file: FileHandle | null = null;
  try {
    if (await isNamedPipe(source.location)) return await openNamedPipe(source.location);
    file = await open(source.location, "r");
    return await openFile(file, source.path, signal);
  } catch (error) {
    await file?.close();
    throw error instanceof BronzeError ? error : unreadable(source.path, error);
  }
}

async function openFile(file: FileHandle, path: string, signal: AbortSignal | undefined): Promise<OpenSource> {
  const before = await file.stat();
  // A pipe or a device has no size and cannot be read twice.
  if (!before.isFile()) return openPipe(file);

  const start = Buffer.alloc(2);
  await file.read(start, 0, 2, 0);
  const bytes = new FileInput(file, before.size);
  const zipped = isGzip(start);
  if (zipped) {
    const check = gunzip(chunksOf(new FileInput(file, before.size)))[Symbol.asyncIterator]();
    while ((await orAborted(check.next(), signal)).done !== true);
  }
  const ahead = new ReadAhead(bytes, before.size);
  return {
    input: zipped ? new ChunkInput(gunzip(chunksOf(bytes))) : ahead,
    capacity: Math.min(Math.max(zipped ? LARGEST_CAPACITY : before.size, SMALLEST_CAPACITY), LARGEST_CAPACITY),
    bytesRead: () => (zipped ? bytes : ahead).bytesRead,
    async hasChanged() {
      const after = await file.stat().catch((error: unknown) => Promise.reject(unreadable(path, error)));
      if (after.size < before.size) throw shortened(path, before.size, after.size);
      return after.size !== before.size || after.mtimeMs !== before.mtimeMs;
    },
    async close() {
      await ahead.idle();
      await file.close();
    },
  };
}

/** A pipe with a name of its own in the file system; not one that `/dev/stdin` or `/dev/fd/3` stands for. */
async function isNamedPipe(location: string): Promise<boolean> {
  const status = await realpath(location).then(lstat, () => null);
  return status?.isFIFO() === true;
}

/** Whoever opens a named pipe waits for its writer, and neither a signal nor the end of the process ends that wait: this does not. */
async function openNamedPipe(location: string): Promise<OpenSource> {
  // Whoever reads no pipe starts sooner without it.
  const { Socket } = await import("node:net");
  const fd = openSync(location, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false });
  return await openChunks(socket, async () => {
    socket.destroy();
  });
}

function openPipe(file: FileHandle): Promise<OpenSource> {
  return openChunks(file.createReadStream({ autoClose: false }), async () => {
    // A read of a silent pipe that was given up holds the file open: nothing waits for that.
    file.close().catch(() => undefined);
  });
}

async function openChunks(stream: AsyncIterable<unknown>, close: () => Promise<void>): Promise<OpenSource> {
  const chunks = new ChunkInput(stream);
  return {
    input: new MaybeZippedInput(chunks),
    capacity: GZIP_CHUNK,
    bytesRead: () => chunks.bytesRead,
    hasChanged: async () => false,
    close,
  };
}

/** Looks at the first two bytes of a stream to know whether to decompress it. */
class MaybeZippedInput implements ByteInput {
  readonly #chunks: ChunkInput;
  #input: ByteInput | null = null;

  constructor(chunks: ChunkInput) {
    this.#chunks = chunks;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    this.#input ??= await this.#choose();
    return await this.#input.read(target, offset, length);
  }

  async #choose(): Promise<ByteInput> {
    const start = Buffer.alloc(2);
    const first = await this.#chunks.read(start, 0, 2);
    const second = first === 1 ? await this.#chunks.read(start, 1, 1) : 0;
    const all = startingWith(start.subarray(0, first + second), this.#chunks);
    return new ChunkInput(isGzip(start) ? gunzip(all) : all);
  }
}

async function* startingWith(start: Uint8Array, chunks: ChunkInput): AsyncGenerator<Uint8Array> {
  yield start;
  yield* chunks.remaining();
}

async function* chunksOf(input: ByteInput): AsyncGenerator<Uint8Array> {
  for (;;) {
    const chunk = Buffer.allocUnsafe(GZIP_CHUNK);
    const length = await input.read(chunk, 0, chunk.length);
    if (length === 0) return;
    yield chunk.subarray(0, length);
  }
}

function shortened(path: string, expected: number, found: number): BronzeError {
  return new BronzeError(
    "SOURCE_CHANGED",
    `Expected ${path} to keep its ${expected} bytes while it was read, found ${found}. Ingest it again when nothing writes to it.`,
    { file: path, expected, found },
  );
}
