import type { Lake, Transaction } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { type ChangedNumber, changedNumbers } from "./changed-numbers.ts";

export interface StagedChangesOptions {
  readonly lake: Lake;
  readonly transaction: Transaction;
  /** Documents that were staged in the transaction; it is not yet committed. */
  readonly paths: readonly LakePath[];
}

/**
 * Lists the published numbers that a transaction changes, each from what to what. A document that is published for the
 * first time changes none.
 * @throws LakeError STORAGE_FAILED
 */
export async function stagedChanges({ lake, transaction, paths }: StagedChangesOptions): Promise<ChangedNumber[]> {
  const changes: ChangedNumber[] = [];
  for (const path of paths) {
    if (!path.endsWith(".json")) continue;
    const before = await readJson(lake, await resolveInLake(lake, path));
    if (before === null) continue;
    changes.push(...changedNumbers(path, before, await readJson(lake, await transaction.stage(path))));
  }
  return changes;
}

/** Null where there is no document, or one that someone has damaged. */
async function readJson(lake: Lake, path: string): Promise<unknown> {
  const text = await lake.storage.readText(path);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
