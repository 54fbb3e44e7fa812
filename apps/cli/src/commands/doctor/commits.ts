import { checkBalance, type Lake, type LakeState } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import { counted, someOf } from "../../terminal.ts";
import { type Check, failed, ok } from "./check.ts";

/** The files that the commit log says are there, with their sizes in bytes. */
export type KnownFiles = ReadonlyMap<LakePath, number>;

/** What all commits have written and not removed again. */
export async function knownFiles(lake: Lake, state: LakeState): Promise<KnownFiles> {
  const files = new Map<LakePath, number>();
  for (let number = 1; number <= state.last; number += 1) {
    const commit = await readCommit(lake, number);
    for (const written of listIn(commit, "writes")) {
      const [file, bytes] = [memberOf(written, "file"), memberOf(written, "bytes")];
      if (typeof file === "string" && typeof bytes === "number") files.set(file, bytes);
    }
    for (const removed of listIn(commit, "removes")) if (typeof removed === "string") files.delete(removed);
  }
  return files;
}

/** Whether every record read went somewhere, over all partitions. */
export function checkCommits(state: LakeState): Check {
  for (const partition of state.partitions.values()) {
    try {
      checkBalance(partition);
    } catch (error) {
      return failed(
        "commit log",
        error instanceof Error ? error.message : String(error),
        "Run `medallion run --rebuild`.",
      );
    }
  }
  const partitions = counted(state.partitions.size, "partition");
  return ok("commit log", `${counted(state.last, "commit")}; the counts of ${partitions} balance`);
}

/** Whether the files that commits wrote are as they were written. */
export async function checkFiles(lake: Lake, files: KnownFiles): Promise<Check> {
  const [missing, changed]: [string[], string[]] = [[], []];
  for (const [file, bytes] of files) {
    if (file.startsWith("bronze/")) continue;
    const real = await lake.storage.realPath(await resolveInLake(lake, file));
    const status = real === null ? null : await lake.storage.status(real);
    if (status?.kind !== "file") missing.push(file);
    else if (status.size !== bytes) changed.push(`${file} (${status.size} bytes, written ${bytes})`);
  }
  const problems = [
    ...(missing.length === 0 ? [] : [`missing: ${someOf(missing)}`]),
    ...(changed.length === 0 ? [] : [`changed since: ${someOf(changed)}`]),
  ];
  const remedy =
    "Run `medallion run --rebuild`, which recomputes silver and gold from bronze; or restore them from a backup.";
  return problems.length === 0
    ? ok("files", `${counted(files.size, "file")}, all of the size written`)
    : failed("files", problems.join("; "), remedy);
}

/** Whether bronze still holds all that was read of it. */
export async function checkBronzeFiles(lake: Lake, state: LakeState): Promise<Check> {
  const short: string[] = [];
  const read = [...state.files].filter(([, progress]) => !progress.retired);
  for (const [file, { offset }] of read) {
    const real = await lake.storage.realPath(await resolveInLake(lake, file));
    const size = real === null ? null : ((await lake.storage.status(real))?.size ?? null);
    if (size === null) short.push(`${file} (missing)`);
    else if (size < offset) short.push(`${file} (${size} bytes, read ${offset})`);
  }
  const remedy = "Restore these files from a backup: bronze is only ever appended to, and no run can go on without it.";
  return short.length === 0
    ? ok("bronze", `${counted(read.length, "file")}, none shorter than what was read`)
    : failed("bronze", `shorter than what was read: ${someOf(short)}`, remedy);
}

async function readCommit(lake: Lake, number: number): Promise<unknown> {
  const path = await resolveInLake(lake, `_medallion/commits/${String(number).padStart(20, "0")}.json`);
  return JSON.parse((await lake.storage.readText(path)) ?? "null");
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}
