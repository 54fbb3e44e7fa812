import { Fields } from "../fields.ts";
import type { Lake } from "../lake.ts";
import { isLakePath, type LakePath, resolveInLake } from "../layout/paths.ts";
import { replaceFile } from "../storage/files.ts";
import { documentOf, type IngestedFiles, ingestedOf, ingestedPath, parsed } from "./ingested.ts";

const JOURNAL = "journal.json";

/** Lines of a staged file that belong to one bronze file. */
export interface StagedSegment {
  /** The bytes [`from`, `to`) of the staged file. */
  readonly from: number;
  readonly to: number;
  /** The bronze file that they are appended to. */
  readonly file: LakePath;
  /** Its size before: none of the lines stands there. */
  readonly size: number;
}

/**
 * An append that is on its way: staged lines, where they go, and what is to be recorded when they are there. While it exists,
 * the append is carried on by whoever comes next, so that lines and record change together.
 */
export interface AppendJournal {
  readonly segments: readonly StagedSegment[];
  readonly ingested: IngestedFiles;
}

/**
 * The append that is on its way, or null.
 * @throws LakeError `LAKE_INVALID`, `STORAGE_FAILED`
 */
export async function readAppendJournal(lake: Lake, dataset: string): Promise<AppendJournal | null> {
  const path = ingestedPath(dataset, JOURNAL);
  const text = await lake.storage.readText(await resolveInLake(lake, path));
  if (text === null) return null;
  return parsed(path, () => {
    const fields = Fields.parse(text);
    fields.format(1);
    const segments = fields.list("segments", (value, at) => {
      const segment = new Fields(value, at);
      return {
        from: segment.count("from"),
        to: segment.count("to"),
        file: segment.text("file", "a path in the lake", isLakePath),
        size: segment.count("size"),
      };
    });
    return { segments, ingested: ingestedOf(fields.object("ingested")) };
  });
}

/**
 * Begins an append, in one step. The staged file must be on disk.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function writeAppendJournal(lake: Lake, dataset: string, journal: AppendJournal): Promise<void> {
  const segments = journal.segments.map(({ from, to, file, size }) => ({ from, to, file, size }));
  const text = `${JSON.stringify({ format: 1, segments, ingested: documentOf(journal.ingested) })}\n`;
  await replaceFile(lake, ingestedPath(dataset, JOURNAL), text);
}

/**
 * Ends an append whose record is written.
 * @throws LakeError `STORAGE_FAILED`
 */
export async function removeAppendJournal(lake: Lake, dataset: string): Promise<void> {
  const path = await resolveInLake(lake, ingestedPath(dataset, JOURNAL));
  await lake.storage.remove(path);
  await lake.storage.sync(path.slice(0, -JOURNAL.length - 1));
}
