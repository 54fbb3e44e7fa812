/** Where bytes come from, one piece after the other. */
export interface ByteInput {
  /** Puts up to `length` bytes into `target` from `offset` on. Returns how many; 0 at the end, and only there. */
  read(target: Uint8Array, offset: number, length: number): Promise<number>;
}

/** The part of an input that is held in memory: the bytes with source offsets `[base + start, base + end)`. */
export class Window {
  bytes: Buffer;
  /** Index of the first byte that is still wanted; the reader moves it. */
  start = 0;
  /** Index after the last byte held; the byte there is always 0. */
  end = 0;
  /** Source offset of index 0. */
  base = 0;
  /** The input has no more bytes. */
  ended = false;
  readonly #input: ByteInput;

  constructor(input: ByteInput, capacity: number) {
    this.#input = input;
    this.bytes = Buffer.allocUnsafe(capacity + 1);
  }

  /** Reads on. Indexes may change, source offsets do not. */
  async more(): Promise<void> {
    this.#makeRoom();
    const read = await this.#input.read(this.bytes, this.end, this.bytes.length - 1 - this.end);
    this.end += read;
    this.bytes[this.end] = 0;
    this.ended = read === 0;
  }

  /** Moves no byte more than a few times on the whole, however small the steps of `start` are. */
  #makeRoom(): void {
    const held = this.end - this.start;
    if (this.start < held && this.end < this.bytes.length - 1) return;
    if (this.start >= held) {
      this.bytes.copyWithin(0, this.start, this.end);
    } else {
      const larger = Buffer.allocUnsafe(this.bytes.length * 2);
      this.bytes.copy(larger, 0, this.start, this.end);
      this.bytes = larger;
    }
    this.base += this.start;
    this.start = 0;
    this.end = held;
  }
}
