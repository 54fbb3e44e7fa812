import { createHash } from "node:crypto";
import { LakeError } from "../errors.ts";
import { FieldError, Fields } from "../fields.ts";
import type { Lake } from "../lake.ts";
import { absolutePath, CHECKPOINT_FILE } from "../layout/paths.ts";
import { replaceFile } from "../storage/files.ts";
import type { Commit } from "./commit.ts";
import { commitPath, readCommitFile } from "./commit-files.ts";
import { countedPartition, parseCommit, pathField, pathMember, ruleVersion, sha256Field } from "./commit-format.ts";
import type { PartitionTotals } from "./partition-totals.ts";
import { type FileProgress, type GrowingState, type LakeState, partitionKey } from "./state.ts";

/**
 * Keeps a state, so that `readState` need not read all commits. The checkpoint is derived data: it may be deleted at any
 * time, and counts only while the commit it was made at is the one in the log.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function writeCheckpoint(lake: Lake, state: LakeState): Promise<void> {
  const text = await readCommitFile(lake, state.last);
  if (text === null) return;
  const body = {
    number: state.last,
    commit_sha256: sha256(text),
    files: [...state.files].map(([file, progress]) => ({ file, ...progress })),
    partitions: [...state.partitions.values()],
    rules: Object.fromEntries(state.rules),
    silver: [...state.silver],
    quarantine: [...state.quarantine],
    gold: [...state.gold].map(([file, { commit }]) => ({ file, commit })),
  };
  const document = { format: 1, sha256: sha256(JSON.stringify(body)), body };
  await replaceFile(lake, CHECKPOINT_FILE, `${JSON.stringify(document)}\n`);
}

/** The state of the checkpoint; null when there is none that fits the log. */
export async function readCheckpoint(lake: Lake): Promise<GrowingState | null> {
  const text = await lake.storage.readText(absolutePath(lake, CHECKPOINT_FILE));
  if (text === null) return null;
  try {
    const document = Fields.parse(text);
    document.format(1);
    const body = document.read("body", "an object", (value) => (typeof value === "object" ? value : undefined));
    if (sha256(JSON.stringify(body)) !== sha256Field(document, "sha256")) return null;
    const fields = new Fields(body, "body");
    const commit = await commitOf(lake, fields.count("number"), sha256Field(fields, "commit_sha256"));
    return commit === null ? null : stateOf(fields, commit);
  } catch (error) {
    if (error instanceof FieldError || (error instanceof LakeError && error.code === "COMMIT_INVALID")) return null;
    throw error;
  }
}

async function commitOf(lake: Lake, number: number, digest: string): Promise<Commit | null> {
  const text = await readCommitFile(lake, number);
  return text === null || sha256(text) !== digest ? null : parseCommit(text, commitPath(number));
}

function stateOf(fields: Fields, lastCommit: Commit): GrowingState {
  return {
    last: lastCommit.number,
    files: new Map(fields.list("files", fileEntry)),
    partitions: new Map(fields.list("partitions", partitionEntry)),
    rules: new Map(Object.entries(fields.record("rules", ruleVersion))),
    silver: new Set(fields.list("silver", pathMember)),
    quarantine: new Set(fields.list("quarantine", pathMember)),
    gold: new Map(fields.list("gold", goldEntry)),
    lastCommit,
  };
}

function fileEntry(value: unknown, at: string): [string, FileProgress] {
  const fields = new Fields(value, at);
  return [
    pathField(fields, "file"),
    {
      dataset: fields.text("dataset"),
      offset: fields.count("offset"),
      lines: fields.count("lines"),
      running: sha256Field(fields, "running"),
      retired: fields.flag("retired"),
    },
  ];
}

function goldEntry(value: unknown, at: string): [string, { commit: number }] {
  const fields = new Fields(value, at);
  return [pathField(fields, "file"), { commit: fields.count("commit") }];
}

function partitionEntry(value: unknown, at: string): [string, PartitionTotals] {
  const fields = new Fields(value, at);
  const totals: PartitionTotals = {
    ...countedPartition(fields),
    rules: fields.read("rules", "an object or null", (rules) =>
      rules === null ? null : ruleVersion(rules, `${at}.rules`),
    ),
    commit: fields.count("commit"),
    retired: fields.flag("retired"),
  };
  return [partitionKey(totals.dataset, totals.day), totals];
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
