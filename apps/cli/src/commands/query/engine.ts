import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openReadOnlyDuckDb, type ReadOnlyEngine } from "@medallion/engine";
import { endUnlessHeeded } from "./hard-stop.ts";
import { unlessOvertaken } from "./overtaken.ts";
import type { LakeView, ViewSource } from "./view.ts";

export interface QueryEngineOptions {
  readonly threads?: number;
  readonly memoryLimit?: string;
  readonly signal: AbortSignal;
}

/** Opens an engine that can read the given views and nothing else, for as long as the work lasts. */
export async function withViews<T>(
  source: ViewSource,
  views: readonly LakeView[],
  options: QueryEngineOptions,
  work: (engine: ReadOnlyEngine) => Promise<T>,
): Promise<T> {
  const { threads, memoryLimit, signal } = options;
  const opened = await Promise.all(views.map(async (view) => ({ name: view.name, ...(await view.open(source)) })));
  signal.throwIfAborted();
  const temporary = await mkdtemp(join(tmpdir(), "medallion-query-"));
  try {
    const engine = await openReadOnlyDuckDb({
      timeZone: source.lake.timeZone,
      files: [...new Set(opened.flatMap(({ files }) => files))],
      temporaryFolder: temporary,
      ...(threads === undefined ? {} : { threads }),
      memoryLimit: memoryLimit ?? defaultMemory(Math.max(0, ...opened.map(({ longestLine = 0 }) => longestLine))),
    });
    const stop = () => engine.interrupt();
    signal.addEventListener("abort", stop);
    const heeded = endUnlessHeeded(signal, temporary);
    try {
      // An interrupt between two statements stops neither, and one before the listener was there is not heard.
      return await unlessOvertaken(source, opened, async () => {
        for (const { name, query } of opened) {
          signal.throwIfAborted();
          await engine.define(name, await query(engine));
        }
        signal.throwIfAborted();
        return await work(engine);
      });
    } finally {
      signal.removeEventListener("abort", stop);
      heeded();
      await engine.close();
    }
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

const MEBIBYTE = 1024 * 1024;
const BASE_MEMORY_MIB = 732;
/** A reader has buffers of a multiple of the longest line, and JSON functions copies of it. */
const MEMORY_PER_LINE_BYTE = 16;

function defaultMemory(longestLine: number): string {
  return `${BASE_MEMORY_MIB + Math.ceil((MEMORY_PER_LINE_BYTE * longestLine) / MEBIBYTE)}MiB`;
}
