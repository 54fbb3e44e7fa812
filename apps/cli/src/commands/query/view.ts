import type { Dialect, LineSource, Sql } from "@medallion/engine";
import type { Lake, LakeState } from "@medallion/lake";
import { type LakePath, resolveInLake } from "@medallion/lake/layout";
import type { Day } from "@medallion/lake/time";

/** What a lake's views are made from. */
export interface ViewSource {
  readonly lake: Lake;
  /** Only files that the commit log knows are read; of bronze, which is committed by ingesting, all. */
  readonly state: LakeState;
  /** Leaves out the files of other days. Default: all days. */
  readonly range?: { readonly start: Day; readonly end: Day };
}

/** A relation over files of the lake. Without a file it is empty, and has the same columns. */
export interface LakeView {
  readonly name: string;
  /** The layer that it shows. */
  readonly layer: "bronze" | "silver" | "gold";
  /** Finds the files; opens none. */
  open(source: ViewSource): Promise<OpenView>;
}

export interface OpenView {
  /** Absolute paths. */
  readonly files: readonly string[];
  /** The first parts of the partitions that it reads. Default: it reads none that can have several parts. */
  readonly partitions?: ReadonlySet<LakePath>;
  /** In bytes, for views of lines: an engine needs memory in proportion to it. */
  readonly longestLine?: number;
  query(engine: ViewEngine): Sql | Promise<Sql>;
}

/** What a view needs of the engine that reads it. */
interface ViewEngine {
  readonly dialect: Dialect;
  /** The lines of files as text, as a relation (line, file). */
  lines(sources: readonly LineSource[], maxLineBytes: number): Sql | Promise<Sql>;
}

/** A file of a view that is there. */
export interface ViewFile {
  readonly path: LakePath;
  readonly absolute: string;
  /** In bytes. */
  readonly size: number;
}

/** Those of the given files that are there. A name that leads out of the lake is an error. */
export async function filesThere(lake: Lake, paths: readonly LakePath[]): Promise<ViewFile[]> {
  const files: ViewFile[] = [];
  for (const path of paths) {
    const absolute = await resolveInLake(lake, path);
    const real = (await lake.storage.realPath(absolute)) ?? absolute;
    const status = await lake.storage.status(real);
    if (status?.kind === "file") files.push({ path, absolute, size: status.size });
  }
  return files;
}

/** Whether days from `start` to `end` are all in the range asked for. */
export function inRange({ range }: ViewSource, start: Day, end: Day): boolean {
  return range === undefined || (start >= range.start && end <= range.end);
}
