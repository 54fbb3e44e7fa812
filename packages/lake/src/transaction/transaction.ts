import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { addCommit } from "../commits/add-commit.ts";
import { writeCheckpoint } from "../commits/checkpoint.ts";
import type { Commit, WrittenFile } from "../commits/commit.ts";
import { commitPath } from "../commits/commit-files.ts";
import { commitChecksum, commitText, parseCommit } from "../commits/commit-format.ts";
import { readState } from "../commits/read-state.ts";
import { copyState, type LakeState } from "../commits/state.ts";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, type LakePath, PREPARED_FILE, resolveInLake, TEMPORARY_FOLDER } from "../layout/paths.ts";
import type { LakeLock } from "../lock/lock.ts";
import { digestOfFile } from "../storage/digest.ts";
import { formatUtc, nowMicros } from "../time/instants.ts";
import { cleanUp, finishPrepared, writePrepared } from "./prepared.ts";
import { recover, TRANSACTION_PREFIX } from "./recovery.ts";
import { checkRemoved, checkStaged, type StagedFile } from "./staging.ts";

const CHECKPOINT_EVERY = 50;

/** What the caller knows of a commit; the transaction adds the number, the time and the files. */
export interface CommitContent extends Omit<Commit, "format" | "number" | "at" | "writes" | "removes" | "running"> {
  /** Records in the staged files, by path; a file that is not named gets null. */
  readonly rows?: Readonly<Record<LakePath, number>>;
}

/** Files and state that change together, or not at all. */
export interface Transaction {
  /** Absolute path of the staging folder; the caller's own temporary files may go there, too. */
  readonly folder: string;
  /** What the log said when the transaction began. */
  readonly state: LakeState;
  /**
   * Announces a file of bronze, silver or gold. The caller writes it where the returned absolute path says; the commit
   * moves it to `path`. Asked again for a path, the answer is the same.
   * @throws LakeError `PATH_OUTSIDE_LAKE`, `TRANSACTION_CLOSED`
   */
  stage(path: LakePath): Promise<string>;
  /** Where a file is that was announced, as `stage` says it; null when it was not. */
  staged(path: LakePath): string | null;
  /**
   * Announces that the commit deletes a file. A missing one is no error; a file of bronze with bytes that no commit has
   * read is refused at the commit.
   * @throws LakeError `PATH_OUTSIDE_LAKE`, `TRANSACTION_CLOSED`
   */
  remove(path: LakePath): void;
  /**
   * Makes all changes, in one step as far as the log is concerned. A run that dies before they are prepared leaves the
   * lake as it was; one that dies after that has its commit finished by the next `beginTransaction`.
   * @throws LakeError `COUNTS_DO_NOT_BALANCE`, `COMMIT_INVALID` for content that does not follow from the log
   * @throws LakeError `LOCK_LOST`, `COMMIT_CONFLICT`, `STORAGE_FAILED`, `TRANSACTION_CLOSED`
   */
  commit(content: CommitContent): Promise<Commit>;
  /** Gives up: the staging folder goes. After a commit, also a failed one that is prepared, it does nothing. */
  abort(): Promise<void>;
}

/**
 * Begins to change the lake. First it repairs what a run left that died: a prepared commit is finished, all other
 * leftovers are deleted.
 * @throws LakeError `LOCK_LOST`, `LAKE_INVALID`, `COMMIT_INVALID`, `COMMIT_CONFLICT`, `STORAGE_FAILED`
 */
export async function beginTransaction(lake: Lake, lock: LakeLock): Promise<Transaction> {
  await lock.check();
  await recover(lake, lock);
  const state = await readState(lake);
  const folder = `${TEMPORARY_FOLDER}/${TRANSACTION_PREFIX}${randomUUID()}`;
  await lake.storage.makeFolder(absolutePath(lake, folder));
  return new OpenTransaction(lake, lock, state, folder);
}

class OpenTransaction implements Transaction {
  readonly folder: string;
  readonly state: LakeState;
  readonly #lake: Lake;
  readonly #lock: LakeLock;
  readonly #folder: LakePath;
  readonly #staged = new Map<LakePath, StagedFile>();
  readonly #removes = new Set<LakePath>();
  #phase: "open" | "prepared" | "closed" = "open";

  constructor(lake: Lake, lock: LakeLock, state: LakeState, folder: LakePath) {
    this.#lake = lake;
    this.#lock = lock;
    this.#folder = folder;
    this.folder = absolutePath(lake, folder);
    this.state = state;
  }

  async stage(path: LakePath): Promise<string> {
    this.#checkOpen();
    checkDataPath(this.#lake, path);
    await resolveInLake(this.#lake, path);
    const known = this.#staged.get(path);
    if (known !== undefined) return absolutePath(this.#lake, known.from);
    const from = `${this.#folder}/${this.#staged.size}-${basename(path)}`;
    this.#staged.set(path, { from, to: path });
    return absolutePath(this.#lake, from);
  }

  staged(path: LakePath): string | null {
    const known = this.#staged.get(path);
    return known === undefined ? null : absolutePath(this.#lake, known.from);
  }

  remove(path: LakePath): void {
    this.#checkOpen();
    checkDataPath(this.#lake, path);
    this.#removes.add(path);
  }

  async commit(content: CommitContent): Promise<Commit> {
    this.#checkOpen();
    const moves = [...this.#staged.values()];
    const writes: WrittenFile[] = [];
    for (const file of moves) {
      const bytes = await checkStaged(this.#lake, file);
      const rows = content.rows?.[file.to] ?? null;
      const sha256 = file.to.startsWith("gold/") ? await digestOfFile(this.#lake, file.from) : undefined;
      writes.push({ file: file.to, bytes, rows, ...(sha256 === undefined ? {} : { sha256 }) });
    }
    const commit = this.#commitOf(content, writes);
    for (const path of commit.removes) await checkRemoved(this.#lake, this.state, path);
    const next = copyState(this.state);
    addCommit(next, commit, commitPath(commit.number));
    await this.#lake.storage.sync(this.folder);
    await this.#checkUndisturbed(commit.number);
    const prepared = { commit, folder: this.#folder, moves };
    this.#phase = "prepared";
    await writePrepared(this.#lake, prepared);
    await finishPrepared(this.#lake, prepared);
    this.#phase = "closed";
    await whereStorageAllows(() => cleanUp(this.#lake, prepared));
    if (commit.number % CHECKPOINT_EVERY === 0) await whereStorageAllows(() => writeCheckpoint(this.#lake, next));
    return commit;
  }

  async abort(): Promise<void> {
    if (this.#phase !== "open") return;
    this.#phase = "closed";
    await this.#lake.storage.remove(this.folder);
  }

  /** Written and read again with the reader's own checks: the log never gets a commit that it would refuse. */
  #commitOf(given: CommitContent, writes: readonly WrittenFile[]): Commit {
    const { command, version, reads, partitions, retired, rules } = given;
    const number = this.state.last + 1;
    const removes = [...this.#removes].filter((path) => !this.#staged.has(path));
    const at = formatUtc(nowMicros());
    const changes = { reads, writes, removes, partitions, ...(retired === undefined ? {} : { retired }) };
    const content: Commit = { format: 1, number, at, command, version, ...changes, rules };
    const commit = parseCommit(commitText(content), commitPath(number));
    return { ...commit, running: commitChecksum(this.state.lastCommit?.running ?? "", commit) };
  }

  async #checkUndisturbed(number: number): Promise<void> {
    await this.#lock.check();
    for (const path of [PREPARED_FILE, commitPath(number)]) {
      if ((await this.#lake.storage.status(absolutePath(this.#lake, path))) === null) continue;
      throw new LakeError(
        "COMMIT_CONFLICT",
        `Expected no ${path} in the lake ${this.#lake.root}, found one: another run wrote to the lake in the meantime. Nothing was changed; run again.`,
        { root: this.#lake.root, file: path },
      );
    }
  }

  #checkOpen(): void {
    if (this.#phase === "open") return;
    throw new LakeError(
      "TRANSACTION_CLOSED",
      "Expected an open transaction, found one that was committed or aborted. Begin another one.",
    );
  }
}

function checkDataPath(lake: Lake, path: LakePath): void {
  absolutePath(lake, path);
  if (/^(?:bronze|silver|gold)\/./.test(path)) return;
  throw new LakeError(
    "PATH_OUTSIDE_LAKE",
    `Expected a path in bronze/, silver/ or gold/, found ${path}. A transaction changes data only.`,
    { root: lake.root, path },
  );
}

/** For what comes after the commit, which is made whether or not this works: the next run does it. */
async function whereStorageAllows(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof LakeError && error.code === "STORAGE_FAILED")) throw error;
  }
}
