import type { Writable } from "node:stream";
import type { QueryRows } from "@medallion/engine";
import type { RowFormat } from "./formats.ts";

/**
 * Writes rows to a stream as fast as it takes them, and stops early when its reader has gone away.
 *
 * @param limit the most rows to write; null for all
 * @returns the number of rows written
 */
export async function writeRows(
  rows: QueryRows,
  format: RowFormat,
  target: Writable,
  limit: number | null,
): Promise<number> {
  let count = 0;
  let cut = false;
  if (!(await write(target, await format.begin()))) return count;
  for await (const batch of rows.batches()) {
    const room = limit === null ? batch.length : Math.min(batch.length, limit - count);
    cut = room < batch.length;
    count += room;
    if (!(await write(target, await format.rows(batch.slice(0, room))))) return count;
    if (cut) break;
  }
  await write(target, await format.end(count, cut));
  return count;
}

/** Whether the target takes more. */
async function write(target: Writable, text: string): Promise<boolean> {
  if (target.destroyed || target.errored !== null) return false;
  if (text === "" || target.write(text)) return true;
  return new Promise((resolve) => {
    const settle = (takesMore: boolean) => () => {
      for (const [event, listener] of listeners) target.off(event, listener);
      resolve(takesMore);
    };
    const listeners = [
      ["drain", settle(true)],
      ["close", settle(false)],
      ["error", settle(false)],
    ] as const;
    for (const [event, listener] of listeners) target.on(event, listener);
  });
}
