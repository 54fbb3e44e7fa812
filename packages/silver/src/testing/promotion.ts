import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestEngine, testEngines } from "@medallion/engine/testing";
import { acquireLock, beginTransaction, initLake, type Lake } from "@medallion/lake";
import { nowMicros } from "@medallion/lake/time";
import { type Dataset, tasks } from "@medallion/schema";
import { onTestFinished } from "vitest";
import { planPromotion } from "../promote/plan.ts";
import { promote } from "../promote/promote.ts";
import { measurePromotion } from "../promote/ranges.ts";

/** A folder that is deleted at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "medallion-silver-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A new lake that is deleted at the end of the test. */
export async function temporaryLake(): Promise<Lake> {
  return (await initLake(join(await temporaryFolder(), "lake"))).lake;
}

interface Promotion {
  /** Default: tasks. */
  readonly dataset?: Dataset;
  readonly rebuild?: boolean;
  /** Default: DuckDB. */
  readonly testEngine?: TestEngine | undefined;
  /** As the engine's own option. */
  readonly partBytes?: number;
}

/** Plans, promotes and commits, as a run does; null when there is nothing new. */
export async function promoteOnce(lake: Lake, options: Promotion = {}) {
  const { dataset = tasks, rebuild = false, testEngine = testEngines[0], partBytes } = options;
  if (testEngine === undefined) throw new TypeError("there is no engine to test with");
  const lock = await acquireLock(lake, { command: "test" });
  const transaction = await beginTransaction(lake, lock);
  const part = partBytes === undefined ? {} : { partBytes };
  const engine = await testEngine.open({ timeZone: lake.timeZone, folder: dirname(lake.root), ...part });
  try {
    const plan = await planPromotion(lake, transaction.state, dataset, { rebuild });
    const ranges = await measurePromotion(lake, transaction, plan);
    if (ranges.length === 0) return null;
    const processedAt = nowMicros();
    const { reads, partitions, rows } = await promote({ lake, engine, transaction, plan, ranges, processedAt });
    const rules = { [dataset.name]: { version: dataset.version, hash: dataset.rulesHash } };
    await transaction.commit({ command: "test", version: "0", reads, partitions, rules, rows });
    return { plan, partitions };
  } finally {
    await transaction.abort();
    await engine.close();
    await lock.release();
  }
}
