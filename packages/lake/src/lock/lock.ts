import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, type LakePath, LOCK_FILE } from "../layout/paths.ts";
import { createFile, replaceFile } from "../storage/files.ts";
import { type LockRecord, lockedError, newRecord, parseRecord, recordText } from "./lock-record.ts";
import { stateOf } from "./processes.ts";

const RETRY_MS = 50;

/** The right to write to a lake. One process at a time has it. */
export interface LakeLock {
  readonly root: string;
  /** Unique to this time the lock was taken. */
  readonly token: string;
  /** @throws LakeError `LOCK_LOST` when someone removed the lock, or removed it and took it */
  check(): Promise<void>;
  /** Gives the lock back. Again, or after it was lost, it does nothing. */
  release(): Promise<void>;
}

/** What else than the whole lake a lock can be for. */
export interface LockScope {
  /** The lock file; its folder must exist. */
  readonly file: LakePath;
  /** What is locked, for the message that others get, such as `Ingestion of new tasks`. */
  readonly name: string;
}

/** How a lock is taken, and who takes it. */
export interface LockOptions {
  /** What the holder is doing, for the message that others get. */
  readonly command: string;
  /** How long to wait for a lock that another process holds, in milliseconds; default 0. */
  readonly waitMs?: number;
  /** Ends the wait; then the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Default: the lock of the one who writes silver, gold and commits. */
  readonly scope?: LockScope;
}

/**
 * Takes the lock of a lake. The lock of a process of this host that has ended is taken over; one of another host never.
 * @throws LakeError `LAKE_LOCKED`, with process, host, start and command of the holder
 * @throws LakeError `STORAGE_FAILED`
 */
export async function acquireLock(lake: Lake, options: LockOptions): Promise<LakeLock> {
  const record = newRecord(options.command);
  const scope = options.scope ?? { file: LOCK_FILE, name: "The lake" };
  const deadline = performance.now() + (options.waitMs ?? 0);
  for (;;) {
    options.signal?.throwIfAborted();
    const attempt = await tryToTake(lake, scope.file, record);
    if (attempt.taken) return heldLock(lake, scope.file, record.token);
    if (performance.now() >= deadline) throw lockedError(absolutePath(lake, scope.file), attempt.holder, scope.name);
    await waitABit(options.signal);
  }
}

type Attempt = { readonly taken: true } | { readonly taken: false; readonly holder: LockRecord | null };

/**
 * A dead holder's lock file is replaced, never deleted, so that the name is at no time free for a third process. Who may
 * replace it is decided by a second file, the claim, whose name holds the dead holder's token: only one process ever
 * creates it. Should that process die as well, its own record in the claim is the next to be claimed, and so on: the
 * last of the chain of dead holders is the one who may act. Claims are deleted only once the lock file has changed; who
 * then still creates one for a token of the past sees the changed lock file, and steps back.
 */
async function tryToTake(lake: Lake, file: LakePath, record: LockRecord): Promise<Attempt> {
  for (;;) {
    const head = await readRecord(lake, file);
    if (head === "missing") {
      if (await createFile(lake, file, recordText(record))) return { taken: true };
      continue;
    }
    const chain: LakePath[] = [];
    let holder: LockRecord | null | "missing" = head;
    let claimed = false;
    while (holder !== null && holder !== "missing" && !claimed) {
      if (stateOf(holder) !== "ended") return { taken: false, holder };
      const claim = `${file}-${holder.token}`;
      chain.push(claim);
      claimed = await createFile(lake, claim, recordText(record));
      if (!claimed) holder = await readRecord(lake, claim);
    }
    if (holder === null) return { taken: false, holder };
    if (!claimed) continue;
    const now = await readRecord(lake, file);
    const unchanged = typeof now === "object" && now?.token === head?.token;
    if (unchanged) await replaceFile(lake, file, recordText(record));
    for (const claim of unchanged ? chain : chain.slice(-1)) await lake.storage.remove(absolutePath(lake, claim));
    if (unchanged) return { taken: true };
  }
}

/** Null for a file that is no record. */
async function readRecord(lake: Lake, path: LakePath): Promise<LockRecord | null | "missing"> {
  const text = await lake.storage.readText(absolutePath(lake, path));
  return text === null ? "missing" : parseRecord(text);
}

/** Deletes claims on locks of the past, which a process leaves that dies right after it took a lock over. */
export async function removeOldClaims(lake: Lake, lock: LakeLock): Promise<void> {
  const folder = dirname(absolutePath(lake, LOCK_FILE));
  for (const { name } of await lake.storage.list(folder)) {
    const token = /^lock-([0-9a-f-]{36})$/.exec(name)?.[1];
    if (token !== undefined && token !== lock.token) await lake.storage.remove(join(folder, name));
  }
}

function heldLock(lake: Lake, file: LakePath, token: string): LakeLock {
  let released = false;
  const isOurs = async () => {
    const record = await readRecord(lake, file);
    return !released && typeof record === "object" && record?.token === token;
  };
  return {
    root: lake.root,
    token,
    async check() {
      if (await isOurs()) return;
      throw new LakeError(
        "LOCK_LOST",
        `Expected this process to hold the lock ${absolutePath(lake, file)}, found it ${released ? "given back" : "removed or taken by another process"}. Nothing more is written; run again.`,
        { file, token },
      );
    },
    async release() {
      if (await isOurs()) await lake.storage.remove(absolutePath(lake, file));
      released = true;
    },
  };
}

async function waitABit(signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(RETRY_MS + Math.random() * RETRY_MS, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
