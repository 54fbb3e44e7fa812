import type { FileHandle } from "node:fs/promises";
import { BronzeError } from "../errors.ts";
import type { ByteInput } from "../reader/window.ts";
import { unreadable } from "./plan.ts";

/** The bytes [`from`, `size`) of a file. */
export class FileInput implements ByteInput {
  bytesRead = 0;
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #from: number;

  constructor(file: FileHandle, size: number, from = 0) {
    this.#file = file;
    this.#size = size;
    this.#from = from;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    const position = this.#from + this.bytesRead;
    const wanted = Math.min(length, this.#size - position);
    if (wanted <= 0) return 0;
    const { bytesRead } = await this.#file.read(target, offset, wanted, position);
    this.bytesRead += bytesRead;
    return bytesRead;
  }
}

/** Pieces of bytes, or of text, which counts as UTF-8. */
export class ChunkInput implements ByteInput {
  bytesRead = 0;
  readonly #chunks: AsyncIterator<unknown>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<unknown>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done === true) return 0;
      this.#rest = toBytes(value);
      this.bytesRead += this.#rest.length;
    }
    const taken = this.#rest.subarray(0, length);
    target.set(taken, offset);
    this.#rest = this.#rest.subarray(taken.length);
    return taken.length;
  }

  /** The bytes read ahead and not taken yet, then the rest. */
  async *remaining(): AsyncGenerator<Uint8Array> {
    const rest = this.#rest;
    this.#rest = new Uint8Array(0);
    if (rest.length > 0) yield rest;
    for (;;) {
      const { value, done } = await this.#chunks.next();
      if (done === true) return;
      const chunk = toBytes(value);
      this.bytesRead += chunk.length;
      yield chunk;
    }
  }
}

function toBytes(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === "string") return Buffer.from(chunk);
  throw new TypeError(`Expected a stream of bytes or text, found a chunk of type ${typeof chunk}.`);
}

/** The input of a source, whose failures bear its name. Gives up waiting when the signal says so. */
export class SourceInput implements ByteInput {
  readonly #path: string;
  readonly #input: ByteInput;
  readonly #signal: AbortSignal | undefined;

  constructor(path: string, input: ByteInput, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#input = input;
    this.#signal = signal;
  }

  /** @throws BronzeError `SOURCE_UNREADABLE`, `GZIP_BROKEN`; the signal's reason */
  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    try {
      return await orAborted(this.#input.read(target, offset, length), this.#signal);
    } catch (error) {
      if (this.#signal?.aborted === true || error instanceof BronzeError) throw error;
      throw unreadable(this.#path, error);
    }
  }
}

/** What the work comes to, or the signal's reason if that comes first. Nothing of it stays with the signal. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
