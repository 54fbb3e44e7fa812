import { createHash } from "node:crypto";
import { LakeError } from "../errors.ts";
import { countMember, FieldError, Fields, isCount, textMember } from "../fields.ts";
import { isLakePath, type LakePath } from "../layout/paths.ts";
import { isDay } from "../time/calendar.ts";
import type { Commit, PartitionCounts, ReadRange, RetiredPartition, RuleVersion, WrittenFile } from "./commit.ts";
import { runningChecksum } from "./running-checksum.ts";

const SHA256 = /^[0-9a-f]{64}$/;
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/;

/** The text of a commit file. */
export function commitText(commit: Commit): string {
  return `${JSON.stringify(commit)}\n`;
}

/**
 * Reads the text of a commit file, checking every field.
 * @param file for the error
 * @throws LakeError `COMMIT_INVALID`
 */
export function parseCommit(text: string, file: LakePath): Commit {
  try {
    return readCommit(Fields.parse(text));
  } catch (error) {
    throw invalidCommit(file, error);
  }
}

/** A field error as the `COMMIT_INVALID` of a file; any other error as it is. */
function invalidCommit(file: LakePath, error: unknown): unknown {
  if (!(error instanceof FieldError)) return error;
  return new LakeError(
    "COMMIT_INVALID",
    `${file} is not a valid commit: ${error.message}. Restore the file from a backup; the commit log is never edited.`,
    { file, at: error.at, expected: error.expected, found: error.found },
    { cause: error },
  );
}

/** @throws FieldError */
export function readCommit(fields: Fields): Commit {
  fields.format(1);
  return {
    format: 1,
    number: fields.read("number", "a whole number >= 1", (value) => (isCount(value) && value > 0 ? value : undefined)),
    at: fields.text("at", "an instant such as 2025-11-27T10:00:00.123456Z", (text) => INSTANT.test(text)),
    command: fields.text("command"),
    version: fields.text("version"),
    reads: fields.list("reads", readRange),
    writes: fields.list("writes", writtenFile),
    removes: fields.list("removes", pathMember),
    partitions: fields.list("partitions", partitionCounts),
    ...(fields.has("retired") ? { retired: fields.list("retired", retiredPartition) } : {}),
    rules: fields.record("rules", ruleVersion),
    ...(fields.has("running") ? { running: sha256Field(fields, "running") } : {}),
  };
}

/**
 * The `running` of a commit.
 * @param previous that of the commit before; `""` where there is none
 */
export function commitChecksum(previous: string, commit: Commit): string {
  const { running: _, ...content } = commit;
  const sha256 = createHash("sha256").update(commitText(content)).digest("hex");
  return runningChecksum(previous, sha256);
}

/** @throws FieldError */
export function ruleVersion(value: unknown, at: string): RuleVersion {
  const fields = new Fields(value, at);
  return { version: fields.text("version"), hash: fields.text("hash") };
}

/** @throws FieldError */
export const pathMember: (value: unknown, at: string) => LakePath = textMember("a path inside the lake", isLakePath);

/** @throws FieldError */
export function pathField(fields: Fields, key: string): LakePath {
  return fields.text(key, "a path inside the lake", isLakePath);
}

/** @throws FieldError */
export function sha256Field(fields: Fields, key: string): string {
  return fields.text(key, "a SHA-256 in hexadecimal", (text) => SHA256.test(text));
}

/** @throws FieldError */
function dayField(fields: Fields, key: string): string {
  return fields.text(key, "a day YYYYMMDD", isDay);
}

function readRange(value: unknown, at: string): ReadRange {
  const fields = new Fields(value, at);
  const from = fields.count("from");
  return {
    dataset: fields.text("dataset"),
    file: pathField(fields, "file"),
    from,
    to: fields.read("to", `a whole number > ${from}`, (to) => (isCount(to) && to > from ? to : undefined)),
    lines: fields.count("lines"),
    sha256: sha256Field(fields, "sha256"),
    running: sha256Field(fields, "running"),
  };
}

function writtenFile(value: unknown, at: string): WrittenFile {
  const fields = new Fields(value, at);
  return {
    file: pathField(fields, "file"),
    bytes: fields.count("bytes"),
    rows: fields.read("rows", "a whole number >= 0 or null", (rows) =>
      rows === null || isCount(rows) ? rows : undefined,
    ),
    ...(fields.has("sha256") ? { sha256: sha256Field(fields, "sha256") } : {}),
  };
}

function retiredPartition(value: unknown, at: string): RetiredPartition {
  const fields = new Fields(value, at);
  return { dataset: fields.text("dataset"), day: dayField(fields, "day") };
}

function partitionCounts(value: unknown, at: string): PartitionCounts {
  const fields = new Fields(value, at);
  return { ...countedPartition(fields), rebuilt: fields.flag("rebuilt") };
}

/** What the entries of commits and checkpoints have in common. */
export function countedPartition(fields: Fields): Omit<PartitionCounts, "rebuilt"> {
  return {
    dataset: fields.text("dataset"),
    day: dayField(fields, "day"),
    read: fields.count("read"),
    accepted: fields.count("accepted"),
    duplicate: fields.count("duplicate"),
    quarantined: fields.count("quarantined"),
    superseded: fields.count("superseded"),
    rows: fields.integer("rows"),
    sources: fields.list("sources", pathMember),
    rejects: fields.record("rejects", countMember),
    warnings: fields.record("warnings", countMember),
  };
}
