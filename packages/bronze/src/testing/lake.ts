import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initLake, type Lake } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { onTestFinished } from "vitest";

/** Where tests append, what their clock shows, and the file that the records of that day go to. */
export const TARGET = { folder: "raw-tasks" };
export const now = () => Date.UTC(2025, 10, 27, 12) * 1000;
export const FILE = "bronze/raw-tasks/20251127.jsonl";

/** A folder that is deleted at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "medallion-bronze-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A new lake that is deleted at the end of the test. */
export async function temporaryLake(timeZone = "UTC"): Promise<Lake> {
  const { lake } = await initLake(join(await temporaryFolder(), "lake"), { timeZone });
  return lake;
}

/** The lines of bronze files, without their line feeds. */
export async function linesOf(lake: Lake, ...paths: LakePath[]): Promise<string[]> {
  const texts = await Promise.all(paths.map((path) => readFile(join(lake.root, path), "utf8")));
  return texts.join("").split("\n").slice(0, -1);
}

export interface Kept {
  /** The bytes that came in. */
  readonly content: Buffer;
  readonly raw: boolean;
  readonly error: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
}

const ADDED = /,?"ingested_at":"[^"]*","layer":"bronze"(,"source_file":"(?:[^"\\]|\\.)*")?\}$/;
const ADDED_KEYS = new Set(["raw", "raw_base64", "raw_error", "ingested_at", "layer", "source_file"]);

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes a bronze line apart. */
export function takeApart(line: string): Kept {
  const fields: unknown = JSON.parse(line);
  if (!isFields(fields) || !ADDED.test(line)) throw new Error(`Not a bronze line: ${line}`);
  const { raw, raw_base64: base64, raw_error: error } = fields;
  const isWrapper = Object.keys(fields).every((key) => ADDED_KEYS.has(key));
  if (isWrapper && typeof raw === "string") {
    return { content: Buffer.from(raw), raw: true, error: typeof error === "string" ? error : null, fields };
  }
  if (isWrapper && typeof base64 === "string") {
    return { content: Buffer.from(base64, "base64"), raw: true, error: String(error), fields };
  }
  return { content: Buffer.from(line.replace(ADDED, "}")), raw: false, error: null, fields };
}
