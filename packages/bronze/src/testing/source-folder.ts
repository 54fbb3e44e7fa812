import { join } from "node:path";
import type { Lake } from "@medallion/lake";
import { type IngestNewOptions, ingestNew } from "../new/ingest-new.ts";
import { FILE, linesOf, now, TARGET, takeApart, temporaryFolder, temporaryLake } from "./lake.ts";

/** A folder of sources, and a lake that takes what is new in them. */
export interface SourceFolder {
  readonly lake: Lake;
  /** Path of a file in the folder. */
  at(name: string): string;
  take(options?: Partial<IngestNewOptions>, target?: { folder: string; part?: string }): ReturnType<typeof ingestNew>;
  /** The content of the bronze lines, in their order. */
  bronze(): Promise<string[]>;
}

export async function sourceFolder(): Promise<SourceFolder> {
  const lake = await temporaryLake();
  const folder = await temporaryFolder();
  return {
    lake,
    at: (name) => join(folder, name),
    take: (options, target = TARGET) =>
      ingestNew(lake, target, [{ kind: "path", path: folder }], { dataset: "tasks", now, ...options }),
    bronze: async () => (await linesOf(lake, FILE)).map((line) => takeApart(line).content.toString()),
  };
}
