import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PartitionCounts, ReadRange } from "../commits/commit.ts";
import { runningChecksum } from "../commits/running-checksum.ts";
import type { Lake } from "../lake.ts";
import { initLake } from "../open-lake.ts";

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-lake-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A lake that goes with the test. */
export async function temporaryLake(timeZone = "UTC"): Promise<Lake> {
  const { lake } = await initLake(join(await temporaryFolder(), "lake"), { timeZone });
  return lake;
}

/** Balanced counts of `accepted` records. */
export function counts(dataset: string, day: string, accepted: number): PartitionCounts {
  return {
    dataset,
    day,
    read: accepted,
    accepted,
    duplicate: 0,
    quarantined: 0,
    superseded: 0,
    rows: accepted,
    rebuilt: false,
    sources: [`bronze/raw-${dataset}/${day}.jsonl`],
    rejects: {},
    warnings: {},
  };
}

/** A range that follows on a running checksum. */
export function range(file: string, from: number, to: number, previous = ""): ReadRange {
  const sha256 = "ab".repeat(32);
  return { dataset: "tasks", file, from, to, lines: to - from, sha256, running: runningChecksum(previous, sha256) };
}
