import { measureRange } from "../bronze/measure.ts";
import { LakeError } from "../errors.ts";
import type { Lake } from "../lake.ts";
import { type LakePath, resolveInLake } from "../layout/paths.ts";
import type { Difference } from "./difference.ts";
import type { CommittedRange, VerifiedLog } from "./log.ts";

/**
 * Recomputes the SHA-256 of every range of bronze that a commit has read. Bytes that no run has read yet are not looked
 * at; files that a commit has removed are no difference.
 * @param onFile told before each file
 * @throws LakeError `STORAGE_FAILED`
 */
export async function verifyBronze(
  lake: Lake,
  log: Pick<VerifiedLog, "ranges">,
  onFile?: (file: LakePath, index: number) => void,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let index = 0;
  for (const [file, ranges] of log.ranges) {
    onFile?.(file, index++);
    differences.push(...(await verifyFile(lake, file, ranges)));
  }
  return differences;
}

async function verifyFile(lake: Lake, file: LakePath, ranges: readonly CommittedRange[]): Promise<Difference[]> {
  try {
    const status = await lake.storage.status(await resolveInLake(lake, file));
    const end = ranges.at(-1)?.to ?? 0;
    if (status === null) return [{ file, kind: "missing", problem: `expected ${end} bytes, found no file` }];
    if (status.kind === "file" && status.size < end) {
      return [{ file, kind: "truncated", problem: `expected at least ${end} bytes, found ${status.size}` }];
    }
    const differences: Difference[] = [];
    for (const { from, to, sha256, commit } of ranges) {
      const found = await measureRange(lake, file, from, to, "", { final: true });
      if (found.sha256 === sha256) continue;
      const problem = `bytes ${from} to ${to}: expected the SHA-256 ${sha256} of commit ${commit}, found ${found.sha256}`;
      differences.push({ file, kind: "changed", problem });
    }
    return differences;
  } catch (error) {
    const known = error instanceof LakeError && ["PATH_OUTSIDE_LAKE", "BRONZE_TRUNCATED"].includes(error.code);
    if (!known) throw error;
    return [{ file, kind: "changed", problem: error.message }];
  }
}
