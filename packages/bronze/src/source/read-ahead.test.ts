import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ByteInput } from "../reader/window.ts";
import { systemError } from "../testing/faults.ts";
import { ReadAhead } from "./read-ahead.ts";

/** Gives these bytes, at most as many at a time as its turn says, then fails or ends. */
class PiecesInput implements ByteInput {
  reading = 0;
  readonly #bytes: Buffer;
  readonly #most: readonly number[];
  readonly #failure: Error | null;
  #at = 0;
  #turn = 0;

  constructor(bytes: Buffer, most: readonly number[], failure: Error | null) {
    this.#bytes = bytes;
    this.#most = most;
    this.#failure = failure;
  }

  async read(target: Uint8Array, offset: number, length: number): Promise<number> {
    expect(++this.reading).toBe(1);
    await setImmediate();
    this.reading--;
    if (this.#at === this.#bytes.length && this.#failure !== null) throw this.#failure;
    const most = this.#most[this.#turn++ % this.#most.length] ?? 1;
    const read = this.#bytes.copy(target, offset, this.#at, this.#at + Math.min(length, most));
    this.#at += read;
    return read;
  }
}

it("hands on all bytes in their order, then the end or the failure, and never reads two pieces at once", async () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(2_000_000)), {
    minLength: 1,
    maxLength: 5,
  });
  const lengths = fc.oneof(
    { weight: 9, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    fc.integer({ min: 1_900_000, max: 2_100_000 }).map((size) => Buffer.alloc(size, "0123456789\n")),
  );
  await fc.assert(
    fc.asyncProperty(lengths, sizes, sizes, fc.boolean(), async (bytes, most, wanted, fails) => {
      const failure = fails ? systemError("EIO") : null;
      // A file that fails says that more was there.
      const size = bytes.length + (fails ? 1 : 0);
      const few = bytes.length > 1000 ? [400_000, 2_000_000] : most;
      const input = new PiecesInput(bytes, few, failure);
      const ahead = new ReadAhead(input, size);
      const target = Buffer.alloc(bytes.length + 1);
      let at = 0;
      let ended: unknown = null;
      for (let turn = 0; ended === null; turn++) {
        const length = Math.min((bytes.length > 1000 ? few : wanted)[turn % wanted.length] ?? 1, target.length - at);
        const read = await ahead.read(target, at, length).catch((error: unknown) => error);
        if (typeof read === "number" && read > 0) at += read;
        else ended = read;
      }
      expect(target.subarray(0, at).equals(bytes)).toBe(true);
      expect(ended).toBe(failure ?? 0);
      expect(ahead.bytesRead).toBe(bytes.length);
    }),
  );
});

it("reads nothing before it is asked to, and is idle when the piece that nobody asked for has come", async () => {
  const input = new PiecesInput(Buffer.alloc(100), [10], null);
  const ahead = new ReadAhead(input, 100);
  await ahead.idle();
  expect(input.reading).toBe(0);
  expect(await ahead.read(Buffer.alloc(100), 0, 100)).toBe(10);
  expect([input.reading, ahead.bytesRead]).toEqual([1, 10]);
  await ahead.idle();
  expect(input.reading).toBe(0);
});

it("leaves the failure of a piece that nobody asks for alone", async () => {
  const ahead = new ReadAhead(new PiecesInput(Buffer.alloc(10), [10], systemError("EIO")), 11);
  await ahead.read(Buffer.alloc(10), 0, 10);
  await ahead.idle();
  await setImmediate();
  await expect(ahead.read(Buffer.alloc(10), 0, 10)).rejects.toMatchObject({ code: "EIO" });
});
