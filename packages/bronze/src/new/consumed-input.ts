import type { Hash } from "node:crypto";
import type { ByteInput } from "../reader/window.ts";

/** Hashes what a reader has consumed of an input, which may be less than what it has read. */
export class ConsumedInput implements ByteInput {
  readonly #input: ByteInput;
  readonly #hash: Hash;
  #offset: number;
  #ahead: Buffer[] = [];

  /** `hash`: of the bytes before the offset `from`, at which the input begins. */
  constructor(input: ByteInput, hash: Hash, from: number) {
    this.#input = input;
    this.#hash = hash;
    this.#offset = from;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    const read = await this.#input.read(target, offset, length);
    if (read > 0) this.#ahead.push(Buffer.from(target.subarray(offset, offset + read)));
    return read;
  }

  /** SHA-256, in hexadecimal, of the bytes consumed. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** The bytes before the offset `to` are consumed. */
  consume(to: number): void {
    for (let chunk = this.#ahead[0]; chunk !== undefined && this.#offset < to; chunk = this.#ahead[0]) {
      const taken = chunk.subarray(0, to - this.#offset);
      this.#hash.update(taken);
      this.#offset += taken.length;
      if (taken.length === chunk.length) this.#ahead.shift();
      else this.#ahead[0] = chunk.subarray(taken.length);
    }
  }
}
