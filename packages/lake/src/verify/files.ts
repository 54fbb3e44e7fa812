import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { isLakePath, type LakePath, resolveInLake } from "../layout/paths.ts";
import { digestOfFile } from "../storage/digest.ts";
import type { Difference } from "./difference.ts";
import type { CommittedFile, VerifiedLog } from "./log.ts";

/**
 * Compares the files of silver and gold with what the commits say of them: their sizes, and of gold also the SHA-256. A
 * file that no commit wrote is a difference, too.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function verifyFiles(lake: Lake, log: Pick<VerifiedLog, "files">): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const file of log.files.values()) differences.push(...(await verifyFile(lake, file)));
  for (const layer of ["silver", "gold"]) {
    for (const file of await filesBelow(lake, layer)) {
      if (!log.files.has(file)) differences.push({ file, kind: "unknown", problem: "no commit wrote this file" });
    }
  }
  return differences;
}

async function verifyFile(lake: Lake, written: CommittedFile): Promise<Difference[]> {
  const { file, bytes, sha256, commit } = written;
  try {
    const status = await lake.storage.status(await resolveInLake(lake, file));
    if (status === null) {
      return [
        { file, kind: "missing", problem: `expected the ${bytes} bytes that commit ${commit} wrote, found no file` },
      ];
    }
    if (status.kind !== "file" || status.size !== bytes) {
      const kind = status.kind === "file" && status.size < bytes ? "truncated" : "changed";
      const found = status.kind === "file" ? `${status.size}` : `a ${status.kind}`;
      return [{ file, kind, problem: `expected the ${bytes} bytes that commit ${commit} wrote, found ${found}` }];
    }
    if (sha256 === undefined) return [];
    const found = await digestOfFile(lake, file);
    if (found === sha256) return [];
    return [{ file, kind: "changed", problem: `expected the SHA-256 ${sha256} of commit ${commit}, found ${found}` }];
  } catch (error) {
    if (!(error instanceof LakeError) || error.code !== "PATH_OUTSIDE_LAKE") throw error;
    return [{ file, kind: "changed", problem: error.message }];
  }
}

/** Names that no commit can have written, such as those of editors and of the system, are passed over. */
async function filesBelow(lake: Lake, folder: LakePath): Promise<LakePath[]> {
  const files: LakePath[] = [];
  for (const { name, kind } of await lake.storage.list(await resolveInLake(lake, folder))) {
    const path = `${folder}/${name}`;
    if (!isLakePath(path)) continue;
    if (kind === "folder") files.push(...(await filesBelow(lake, path)));
    else files.push(path);
  }
  return files.sort();
}
