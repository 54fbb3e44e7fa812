import { LakeError } from "../errors.ts";
import { FieldError, Fields, textMember } from "../fields.ts";
import type { Lake } from "../lake.ts";
import { checkSafeName } from "../layout/names.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";
import { replaceFile } from "../storage/files.ts";

const INGESTED_FOLDER: LakePath = "_medallion/ingested";
const CHECKPOINT = "checkpoint.json";
const SHA256 = /^[0-9a-f]{64}$/;

/** How far a source file is in bronze. */
export interface IngestedFile {
  /** Where its records went: a folder of bronze, or `folder/part`. */
  readonly target: string;
  /** Absolute path, with all links followed. */
  readonly path: string;
  /** Bytes from its start that are in bronze. */
  readonly bytes: number;
  /** The line, from 1, on which the next byte stands. */
  readonly line: number;
  /** SHA-256 of those bytes, in hexadecimal. */
  readonly sha256: string;
  /** Device and inode: they stay when a file is renamed. */
  readonly inode: string;
  /** Changes with size, times and inode; empty when they prove nothing, as the file had only just been written. */
  readonly stamp: string;
}

/** What of the sources of one data set is in bronze. */
export interface IngestedFiles {
  readonly files: readonly IngestedFile[];
  /** Contents that files had before they were rewritten. */
  readonly contents: readonly { readonly target: string; readonly sha256: string }[];
}

/**
 * A file of the folder in which the ingestion of what is new keeps its state. No run touches that folder.
 * @throws LakeError `NAME_INVALID`
 */
export function ingestedPath(dataset: string, name: string): LakePath {
  return `${INGESTED_FOLDER}/${checkSafeName(dataset)}/${checkSafeName(name)}`;
}

/**
 * What is in bronze of the sources of a data set; nothing when there is no record of it.
 * @throws LakeError `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function readIngested(lake: Lake, dataset: string): Promise<IngestedFiles> {
  const path = ingestedPath(dataset, CHECKPOINT);
  const text = await lake.storage.readText(await resolveInLake(lake, path));
  if (text === null) return { files: [], contents: [] };
  return parsed(path, () => {
    const fields = Fields.parse(text);
    fields.format(1);
    return ingestedOf(fields);
  });
}

/**
 * Replaces the record, in one step.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function writeIngested(lake: Lake, dataset: string, ingested: IngestedFiles): Promise<void> {
  const text = `${JSON.stringify({ format: 1, ...documentOf(ingested) })}\n`;
  await replaceFile(lake, ingestedPath(dataset, CHECKPOINT), text);
}

/** The members of a document that hold it. */
export function documentOf({ files, contents }: IngestedFiles): IngestedFiles {
  return {
    files: files.map(({ target, path, bytes, line, sha256, inode, stamp }) => {
      return { target, path, bytes, line, sha256, inode, stamp };
    }),
    contents: contents.map(({ target, sha256 }) => ({ target, sha256 })),
  };
}

/** @throws FieldError */
export function ingestedOf(fields: Fields): IngestedFiles {
  const digest = "a SHA-256 in hexadecimal";
  const isDigest = (text: string) => SHA256.test(text);
  return {
    files: fields.list("files", (value, at) => {
      const file = new Fields(value, at);
      return {
        target: file.text("target"),
        path: file.text("path"),
        bytes: file.count("bytes"),
        line: file.count("line"),
        sha256: file.text("sha256", digest, isDigest),
        inode: file.text("inode"),
        stamp: file.text("stamp"),
      };
    }),
    contents: fields.list("contents", (value, at) => {
      const content = new Fields(value, at);
      return { target: content.text("target"), sha256: textMember(digest, isDigest)(content.text("sha256"), at) };
    }),
  };
}

/** @throws LakeError `LAKE_INVALID` for a document that is damaged or of a later format */
export function parsed<T>(path: LakePath, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    throw new LakeError(
      "LAKE_INVALID",
      `${path} cannot be used: ${error.message}. Restore the file from a backup, or use the version of Medallion that wrote it.`,
      { file: path, expected: error.expected, found: error.found },
      { cause: error },
    );
  }
}
