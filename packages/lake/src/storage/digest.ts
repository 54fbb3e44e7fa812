import { createHash } from "node:crypto";
import type { Lake } from "../lake.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";

const CHUNK_BYTES = 1024 * 1024;

/** SHA-256 of a file of the lake, in hexadecimal. */
export async function digestOfFile(lake: Lake, path: LakePath): Promise<string> {
  const reader = await lake.storage.openForReading(await resolveInLake(lake, path));
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let position = 0; ; ) {
      const count = await reader.read(buffer, position);
      hash.update(buffer.subarray(0, count));
      position += count;
      if (count < buffer.length) return hash.digest("hex");
    }
  } finally {
    await reader.close();
  }
}
