import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** An error as the system gives it. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code });
}

/**
 * Until the end of the test, `write` or `datasync` of every open file first asks `fault` what is to become of call number
 * `call`: an error to fail with, the number of bytes to write at most, or null to go on as usual.
 */
export async function breakFiles(
  method: "write" | "datasync",
  fault: (call: number, length: number) => Error | number | null,
): Promise<void> {
  const probe = await open(fileURLToPath(import.meta.url));
  const prototype: unknown = Object.getPrototypeOf(probe);
  await probe.close();
  if (typeof prototype !== "object" || prototype === null) throw new Error("A file handle has no prototype.");
  const original: unknown = Reflect.get(prototype, method);
  if (typeof original !== "function") throw new Error(`A file handle has no method ${method}.`);
  let call = 0;
  Reflect.set(prototype, method, async function (this: unknown, buffer?: Uint8Array, offset = 0, length = 0) {
    const outcome = fault(call++, length);
    if (outcome instanceof Error) throw outcome;
    return await Reflect.apply(original, this, [buffer, offset, outcome ?? length]);
  });
  onTestFinished(() => {
    Reflect.set(prototype, method, original);
  });
}
