import { createHash } from "node:crypto";

/**
 * The running checksum of a file after a further range.
 * @param previous the running checksum before it; `""` at the start of the file
 * @param sha256 of the range
 */
export function runningChecksum(previous: string, sha256: string): string {
  return createHash("sha256")
    .update(previous + sha256)
    .digest("hex");
}
