import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

/** What is to become of a call: an error to fail with, the number of bytes to write at most, or null to go on as usual. */
export type Outcome = Error | number | null;

/**
 * Until the end of the test, `write` or `datasync` of every open file first asks `fault` what is to become of call number
 * `call`; the call waits for the answer.
 *
 * @param done called after each call that did not fail, with the bytes that were written
 */
export async function breakFiles(
  method: "write" | "datasync",
  fault: (call: number, length: number) => Outcome | Promise<Outcome>,
  done: (call: number, written: Uint8Array) => void = () => {},
): Promise<void> {
  const probe = await open(fileURLToPath(import.meta.url));
  const prototype: unknown = Object.getPrototypeOf(probe);
  await probe.close();
  if (typeof prototype !== "object" || prototype === null) throw new Error("A file handle has no prototype.");
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== "function") throw new Error(`A file handle has no method ${method}.`);
  let calls = 0;
  Reflect.set(prototype, method, async function (this: unknown, buffer = new Uint8Array(0), offset = 0, length = 0) {
    const call = calls++;
    const outcome = await fault(call, length);
    if (outcome instanceof Error) throw outcome;
    const result = await Reflect.apply(original, this, [buffer, offset, outcome ?? length]);
    done(call, buffer.subarray(offset, offset + (result?.bytesWritten ?? 0)));
    return result;
  });
  onTestFinished(() => {
    Reflect.set(prototype, method, original);
  });
}
