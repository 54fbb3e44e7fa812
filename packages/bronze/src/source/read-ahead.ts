import type { ByteInput } from "../reader/window.ts";

/** A little less than the first buffer of a reader, in which the beginning of a line may stand that was not whole. */
const PIECE_BYTES = 960 * 1024;

/** An input of which the next piece is read while the one before is used. Reads nothing before it is first asked to. */
export class ReadAhead implements ByteInput {
  /** Bytes handed on so far. */
  bytesRead = 0;
  readonly #input: ByteInput;
  /** Bytes that may follow those handed on. */
  #left: number;
  #buffer: Buffer = Buffer.alloc(0);
  #piece: Promise<Buffer> | null = null;
  /** What of the last piece was not handed on yet. */
  #rest: Buffer = this.#buffer;

  /** `size`: the bytes that the input has at most. */
  constructor(input: ByteInput, size: number) {
    this.#input = input;
    this.#left = size;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    if (this.#rest.length === 0 && this.#piece !== null) this.#rest = await this.#piece;
    let read = this.#rest.copy(target, offset, 0, length);
    this.#rest = this.#rest.subarray(read);
    if (read === 0 && length > 0) read = await this.#input.read(target, offset, length);
    this.bytesRead += read;
    this.#left -= read;
    if (this.#rest.length === 0) this.#piece = read > 0 && this.#left > 0 ? this.#readPiece() : null;
    return read;
  }

  /** Returns when nothing is being read. */
  async idle(): Promise<void> {
    await this.#piece?.catch(() => undefined);
  }

  #readPiece(): Promise<Buffer> {
    const wanted = Math.min(this.#left, PIECE_BYTES);
    if (this.#buffer.length < wanted) this.#buffer = Buffer.allocUnsafeSlow(wanted);
    const buffer = this.#buffer;
    const piece = this.#input.read(buffer, 0, wanted).then((read) => buffer.subarray(0, read));
    // Who reads on is told; nobody may.
    piece.catch(() => undefined);
    return piece;
  }
}
