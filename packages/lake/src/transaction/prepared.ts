import { basename, dirname, join } from "node:path";
import type { Commit } from "../commits/commit.ts";
import { commitPath } from "../commits/commit-files.ts";
import { commitText, pathField, readCommit } from "../commits/commit-format.ts";
import { LakeError } from "../errors.ts";
import { FieldError, Fields } from "../fields.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, type LakePath, PREPARED_FILE, resolveInLake, TEMPORARY_FOLDER } from "../layout/paths.ts";
import { createFile } from "../storage/files.ts";

/** A commit whose files are all on disk, in the staging folder: all that is left is to move them and to log it. */
export interface PreparedCommit {
  readonly commit: Commit;
  /** The staging folder of the transaction. */
  readonly folder: LakePath;
  readonly moves: readonly Move[];
}

interface Move {
  readonly from: LakePath;
  readonly to: LakePath;
}

/** The last step that can be taken back: once this file is there, the commit will be finished, by this run or the next. */
export async function writePrepared(lake: Lake, prepared: PreparedCommit): Promise<void> {
  const target = absolutePath(lake, PREPARED_FILE);
  const temporary = absolutePath(lake, `${prepared.folder}/prepared.json`);
  await lake.storage.write(temporary, `${JSON.stringify({ format: 1, ...prepared })}\n`);
  await lake.storage.rename(temporary, target);
  await lake.storage.sync(dirname(target));
}

/**
 * Reads the prepared commit of a run that died; null when there is none.
 * @throws LakeError `LAKE_INVALID` when the file is damaged: it only ever appears whole
 */
export async function readPrepared(lake: Lake): Promise<PreparedCommit | null> {
  const text = await lake.storage.readText(absolutePath(lake, PREPARED_FILE));
  if (text === null) return null;
  try {
    const fields = Fields.parse(text);
    fields.format(1);
    const folder = pathField(fields, "folder");
    const staged = (path: string) => dirname(path) === folder && dirname(folder) === TEMPORARY_FOLDER;
    const commit = readCommit(fields.object("commit"));
    const written = new Set(commit.writes.map((write) => write.file));
    const moves = fields.list("moves", (value, at) => {
      const move = new Fields(value, at);
      return {
        from: move.text("from", `a file in ${TEMPORARY_FOLDER}`, staged),
        to: move.text("to", "a file that the commit writes", (path) => written.has(path)),
      };
    });
    return { commit, folder, moves };
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new LakeError(
      "LAKE_INVALID",
      `${PREPARED_FILE} of the lake ${lake.root}, which a run left that died, is damaged: ${error.message}. Delete it, then rebuild the days that this run was writing.`,
      { root: lake.root, file: PREPARED_FILE, expected: error.expected, found: error.found },
      { cause: error },
    );
  }
}

/**
 * Moves the files of a prepared commit into place and adds it to the log. May be done again from any point it was
 * interrupted at.
 * @throws LakeError `COMMIT_CONFLICT` when the log has another commit of this number
 * @throws LakeError `LAKE_INVALID` when a staged file is gone without being in its place
 */
export async function finishPrepared(lake: Lake, prepared: PreparedCommit): Promise<void> {
  const { commit, moves } = prepared;
  const text = commitText(commit);
  const logged = await lake.storage.readText(absolutePath(lake, commitPath(commit.number)));
  if (logged === text) return;
  if (logged !== null && logged !== "") throw conflict(lake, commit.number);
  const touched = new Set<string>();
  for (const move of moves) touched.add(await moveIntoPlace(lake, move, commit));
  for (const path of commit.removes) {
    const target = await resolveInLake(lake, path);
    await lake.storage.remove(target);
    touched.add(dirname(target));
  }
  for (const place of touched) if ((await lake.storage.status(place)) !== null) await lake.storage.sync(place);
  await addToLog(lake, prepared, text, logged === "");
}

/** Deletes what a finished commit no longer needs. */
export async function cleanUp(lake: Lake, prepared: PreparedCommit): Promise<void> {
  const file = absolutePath(lake, PREPARED_FILE);
  await lake.storage.remove(file);
  await lake.storage.sync(dirname(file));
  await lake.storage.remove(absolutePath(lake, prepared.folder));
}

/** Returns the folder that the file is in now. */
async function moveIntoPlace(lake: Lake, move: Move, commit: Commit): Promise<string> {
  const target = await resolveInLake(lake, move.to);
  const staged = absolutePath(lake, move.from);
  if ((await lake.storage.status(staged)) !== null) {
    await lake.storage.makeFolder(dirname(target));
    await lake.storage.rename(staged, target);
    return dirname(target);
  }
  const found = await lake.storage.status(target);
  const expected = commit.writes.find((write) => write.file === move.to)?.bytes;
  if (found?.kind === "file" && found.size === expected) return dirname(target);
  throw new LakeError(
    "LAKE_INVALID",
    `Commit ${commit.number} was prepared by a run that died, but ${move.to} (${expected} bytes) is neither staged in ${move.from} nor in its place. Restore the file, or delete ${PREPARED_FILE} and rebuild the days that this run was writing.`,
    { root: lake.root, file: move.to, expected: expected ?? null, found: found?.size ?? null },
  );
}

async function addToLog(lake: Lake, { commit, folder }: PreparedCommit, text: string, emptied: boolean): Promise<void> {
  const path = commitPath(commit.number);
  if (emptied) await lake.storage.remove(absolutePath(lake, path));
  if (!(await createFile(lake, path, text, `${folder}/commit.json`))) throw conflict(lake, commit.number);
}

function conflict(lake: Lake, number: number): LakeError {
  return new LakeError(
    "COMMIT_CONFLICT",
    `Expected to add ${basename(commitPath(number))} to the commit log of ${join(lake.root, "_medallion")}, found another commit of that number. Another run wrote to this lake without holding its lock: check that only one program writes to it, then rebuild the days that both wrote.`,
    { root: lake.root, file: commitPath(number), number },
  );
}
