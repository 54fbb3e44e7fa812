import { basename, dirname, join } from "node:path";
import type { Transaction } from "@medallion/lake";
import { firstPartOf, type LakePath } from "@medallion/lake/layout";

/** A transaction that remembers what was staged and removed in it, and is never committed. */
export interface Recording {
  readonly transaction: Transaction;
  /** The absolute path of what was staged, by its place in the lake. */
  readonly staged: ReadonlyMap<LakePath, string>;
  readonly removed: ReadonlySet<LakePath>;
}

/**
 * Lets work be done in a transaction only to look at it.
 * @param prefix what the names of staged files begin with, so that the same work can be done twice; default: nothing
 */
export function recording(transaction: Transaction, prefix = ""): Recording {
  const staged = new Map<LakePath, string>();
  const removed = new Set<LakePath>();
  const { folder, state } = transaction;
  return {
    staged,
    removed,
    transaction: {
      folder,
      state,
      async stage(path) {
        const given = await transaction.stage(path);
        const place = join(dirname(given), `${prefix}${basename(given)}`);
        staged.set(path, place);
        return place;
      },
      staged: (path) => staged.get(path) ?? null,
      remove: (path) => {
        removed.add(path);
      },
      commit: () => Promise.reject(new TypeError("what is only looked at is not committed")),
      abort: () => transaction.abort(),
    },
  };
}

/** Files by the first part of the partition that they are a part of; a file that is no such part stands alone. */
export function byPartition(files: Iterable<readonly [file: LakePath, path: string]>): Map<LakePath, string[]> {
  const partitions = new Map<LakePath, string[]>();
  for (const [file, path] of files) {
    const first = firstPartOf(file) ?? file;
    partitions.set(first, [...(partitions.get(first) ?? []), path]);
  }
  return partitions;
}
