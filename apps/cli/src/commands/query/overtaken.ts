import { changedSince } from "@medallion/lake";
import { firstPartOf, type LakePath } from "@medallion/lake/layout";
import { CliError } from "../../cli-error.ts";
import type { OpenView, ViewSource } from "./view.ts";

/**
 * Reads views, and refuses the answer when a run has replaced parts of a partition meanwhile: of a day in several parts, old
 * ones may have been read beside new ones. A day of one file is replaced in one step.
 * @throws CliError QUERY_OVERTAKEN
 */
export async function unlessOvertaken<T>(
  { lake, state }: ViewSource,
  views: readonly Pick<OpenView, "partitions">[],
  read: () => Promise<T>,
): Promise<T> {
  const check = async (cause?: unknown) => {
    const partitions = new Set<LakePath>(views.flatMap((view) => [...(view.partitions ?? [])]));
    if (partitions.size === 0) return;
    for (const file of await changedSince(lake, state)) {
      const first = firstPartOf(file);
      if (first === null || first === file || !partitions.has(first)) continue;
      const text = `A run replaced parts of ${first} while they were read, so that what was read may be of before and after it. Ask again.`;
      throw new CliError("QUERY_OVERTAKEN", text, { cause });
    }
  };
  try {
    const result = await read();
    await check();
    return result;
  } catch (error) {
    // A part that the run has removed is an error of the engine, or seems to be lost.
    if (!(error instanceof CliError) || error.code === "DOCUMENT_DAMAGED") await check(error);
    throw error;
  }
}
