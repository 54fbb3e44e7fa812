import { dailyNumbers, type ExplainableNumber, readDailyDocument } from "@medallion/gold";
import { type Lake, readState } from "@medallion/lake";
import { dailyPath, type LakePath } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";
import { CliError } from "../cli-error.ts";

/** A document whose numbers can be explained. */
export interface ReadDocument {
  readonly document: LakePath;
  readonly numbers: readonly ExplainableNumber[];
  /** The commit that wrote it. */
  readonly commit: number;
}

/**
 * Reads the document of a day and the number of the commit that wrote it, which are of one state of the lake.
 * @throws CliError USAGE_INVALID when there is no such document
 * @throws GoldError DOCUMENT_INVALID
 */
export async function readDocument(lake: Lake, day: Day): Promise<ReadDocument> {
  const path = dailyPath(day);
  for (;;) {
    const commit = await commitOf(lake, path);
    const document = await readDailyDocument(lake, day);
    // A run may have published another one in between.
    if (commit !== (await commitOf(lake, path))) continue;
    if (document !== null && commit !== null) return { document: path, numbers: dailyNumbers(document), commit };
    throw new CliError(
      "USAGE_INVALID",
      `Expected ${path}, found ${document === null ? "no such document" : "that no commit has written it"}. Make it with \`medallion analytics daily ${day}\`, or give a day that \`medallion status\` lists.`,
    );
  }
}

async function commitOf(lake: Lake, path: LakePath): Promise<number | null> {
  return (await readState(lake)).gold.get(path)?.commit ?? null;
}
