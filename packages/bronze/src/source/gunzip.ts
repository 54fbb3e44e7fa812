import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { BronzeError, messageOf, systemCode } from "../errors.ts";

/** Whether bytes begin as every gzip file does (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The decompressed bytes of one or more gzip members.
 *
 * @throws BronzeError `GZIP_BROKEN` where they are cut off, damaged, or followed by something other than zeros
 */
export async function* gunzip(compressed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { createGunzip } = await import("node:zlib");
  const engine = createGunzip({ chunkSize: 256 * 1024 });
  let size = 0;
  let lastContent = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of compressed) {
      const content = chunk.findLastIndex((byte) => byte !== 0);
      if (content >= 0) lastContent = size + content + 1;
      size += chunk.length;
      yield chunk;
    }
  }
  const input = Readable.from(measured(), { objectMode: false });
  input.on("error", (error) => engine.destroy(error));
  try {
    for await (const chunk of input.pipe(engine)) {
      if (chunk instanceof Uint8Array) yield chunk;
    }
    // The engine ends at the first thing that is no gzip member, and leaves the rest.
    input.unpipe(engine);
    input.resume();
    await finished(input);
  } catch (error) {
    if (systemCode(error)?.startsWith("Z_") !== true) throw error;
    throw broken(messageOf(error), engine.bytesWritten, error);
  } finally {
    input.destroy();
    engine.destroy();
  }
  if (lastContent > engine.bytesWritten) throw broken("something else follows it", engine.bytesWritten, undefined);
}

function broken(reason: string, byte: number, cause: unknown): BronzeError {
  return new BronzeError(
    "GZIP_BROKEN",
    `Expected whole gzip data, found that it is broken near byte ${byte}: ${reason}. Fetch or compress the file anew.`,
    { byte, reason },
    { cause },
  );
}
