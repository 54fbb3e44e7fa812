import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDuckDb } from "@medallion/engine";
import { explainColumns } from "@medallion/gold";
import type { Lake } from "@medallion/lake";
import type { Day } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type BronzeRange, prepareReplay, type ReplayedRecord, replayPartition } from "@medallion/silver";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { checkLines } from "../json-schemas/check-lines.ts";
import { memoryFor, type SessionOptions, untilAborted } from "../pipeline/session.ts";

export interface ReplayDayOptions extends Pick<SessionOptions, "threads" | "memoryLimit" | "signal" | "onStep"> {
  readonly dataset: Dataset;
  readonly schemas: readonly DatasetSchemas[];
  readonly day: Day;
  /** The last commit that counts. */
  readonly upTo: number;
}

/**
 * Judges what runs have read for a day again, in a folder of the operating system. The engine may read that folder only.
 * @throws SilverError NOT_EXPLAINABLE
 */
export async function replayDay(lake: Lake, options: ReplayDayOptions): Promise<ReplayedRecord[]> {
  const { dataset, schemas, day, upTo, threads, memoryLimit, signal, onStep } = options;
  const folder = await realpath(await mkdtemp(join(tmpdir(), "medallion-explain-")));
  try {
    onStep(0.1, "bronze");
    const external = (ranges: readonly BronzeRange[]) =>
      checkLines(dataset.name, ranges, schemas, join(folder, "violations.jsonl"));
    const prepared = await prepareReplay({ lake, dataset, day, upTo, folder, external });
    signal.throwIfAborted();
    onStep(0.4, "judge");
    const engine = await openDuckDb({
      timeZone: lake.timeZone,
      folders: [folder],
      temporaryFolder: join(folder, "spill"),
      ...(threads === undefined ? {} : { threads }),
      memoryLimit: memoryLimit ?? memoryFor(prepared.longestLine),
    });
    return await untilAborted(engine, signal, () => replayPartition(engine, prepared, explainColumns(engine)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
