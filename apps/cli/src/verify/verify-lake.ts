import type { Engine } from "@medallion/engine";
import { isStates } from "@medallion/gold";
import { acquireLock, beginTransaction, type Lake, LakeError, type Transaction } from "@medallion/lake";
import { firstPartOf, type LakePath } from "@medallion/lake/layout";
import { addDays, nowMicros } from "@medallion/lake/time";
import { type Difference, type VerifiedLog, verifyBronze, verifyFiles, verifyLog } from "@medallion/lake/verify";
import { type Dataset, tasks } from "@medallion/schema";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { longestLineOf, type PromotedDataset } from "../pipeline/promotions.ts";
import { type SessionOptions, withEngine } from "../pipeline/session.ts";
import { compareBytes, compareRows, compareText, withRebuilt } from "./compare.ts";
import { compareCounts } from "./counts.ts";
import { planRebuild, rebuildSilver } from "./rebuild.ts";
import { planGold, rebuildGold } from "./rebuild-gold.ts";
import { byPartition, type Recording, recording } from "./recording.ts";

export interface VerifyLakeOptions extends SessionOptions {
  readonly datasets: readonly Dataset[];
  readonly schemas: readonly DatasetSchemas[];
  /** Whether only hashes and sizes are compared, and nothing is computed anew. */
  readonly quick: boolean;
}

/** What was looked at, and what is not as it should be. */
export interface Verification {
  readonly differences: readonly Difference[];
  /** What could not be compared, with the reason. */
  readonly left: readonly { readonly file: LakePath; readonly reason: string }[];
  readonly commits: number;
  readonly running: readonly string[];
  readonly checked: { readonly bronze: number; readonly files: number; readonly rebuilt: number };
}

/** Compares a lake with its commit log, and silver and gold with what bronze gives. Changes nothing. */
export async function verifyLake(lake: Lake, options: VerifyLakeOptions): Promise<Verification> {
  const { command, waitMs, signal, onStep, quick } = options;
  const lock = await acquireLock(lake, { command, waitMs, signal });
  try {
    // What a run left that died is finished first: half a commit is no difference.
    const transaction = await beginTransaction(lake, lock).catch(nullWhenDamaged);
    try {
      onStep(0.02, "commits");
      const log = await verifyLog(lake);
      const count = Math.max(1, log.ranges.size);
      const bronze = await verifyBronze(lake, log, (file, index) => {
        signal.throwIfAborted();
        onStep(0.05 + (0.3 * index) / count, file);
      });
      const files = await verifyFiles(lake, log);
      const found = [...log.differences, ...bronze, ...files];
      const checked = { bronze: log.ranges.size, files: log.files.size, rebuilt: 0 };
      const facts = { commits: log.state.last, running: log.running, checked };
      if (quick || transaction === null) return { ...facts, differences: found, left: [] };
      if (log.differences.length + bronze.length > 0) {
        const left = [{ file: "silver", reason: "bronze or the commits, from which it is made, differ" }];
        return { ...facts, differences: found, left };
      }
      const content = await verifyContent(lake, transaction, log, options);
      const known = new Set(content.differences.map(({ file }) => file));
      return {
        ...facts,
        differences: [...found.filter(({ file }) => !known.has(file)), ...content.differences],
        left: content.left,
        checked: { ...checked, rebuilt: content.rebuilt },
      };
    } finally {
      await transaction?.abort();
    }
  } finally {
    await lock.release();
  }
}

function nullWhenDamaged(error: unknown): null {
  const codes = ["COMMIT_INVALID", "COUNTS_DO_NOT_BALANCE", "LAKE_INVALID", "COMMIT_CONFLICT"];
  if (error instanceof LakeError && codes.includes(error.code)) return null;
  throw error;
}

async function verifyContent(
  lake: Lake,
  transaction: Transaction,
  log: VerifiedLog,
  options: VerifyLakeOptions,
): Promise<{ differences: Difference[]; left: { file: LakePath; reason: string }[]; rebuilt: number }> {
  const { state } = transaction;
  const isCurrent = ({ name, rulesHash }: Dataset) => (state.rules.get(name)?.hash ?? rulesHash) === rulesHash;
  const current = options.datasets.filter(isCurrent);
  const left = leftDatasets(log, options.datasets, current);
  const record = recording(transaction);
  const planned = await planRebuild(lake, record.transaction, current);
  return await withEngine(lake, transaction, longestLineOf(planned), options, async (engine) => {
    const place = { lake, engine, transaction: record.transaction, processedAt: nowMicros() };
    const onStep = (dataset: string, index: number) => options.onStep(0.35 + (0.4 * index) / planned.length, dataset);
    const promoted = await rebuildSilver({ ...place, schemas: options.schemas, onStep }, planned);
    const dataset = current.find(({ name }) => name === tasks.name);
    if (dataset !== undefined) {
      options.onStep(0.75, "gold");
      const plan = planGold(state, dataset);
      left.push(...plan.left);
      const promotion = promoted.find((item) => item.plan.dataset === dataset)?.promotion ?? null;
      await rebuildGold(place, dataset, plan, promotion);
    }
    options.onStep(0.85, "compare");
    const differences = [
      ...compareCounts(state, promoted, (commit) => `_medallion/commits/${String(commit).padStart(20, "0")}.json`),
      ...(await compareFiles(lake, engine, log, record, promoted)),
    ];
    return { differences, left, rebuilt: record.staged.size };
  });
}

/** Data sets whose silver was made by other rules, or that the configuration does not have any more. */
function leftDatasets(log: VerifiedLog, all: readonly Dataset[], current: readonly Dataset[]) {
  const known = new Set(current.map(({ name }) => name));
  const logged = new Set([...log.state.partitions.values()].map(({ dataset }) => dataset));
  return [...logged]
    .filter((name) => !known.has(name))
    .map((name) => ({
      file: `silver (${name})`,
      reason: all.some((dataset) => dataset.name === name)
        ? "its rules have changed since it was made; run first"
        : "the configuration has no such data set",
    }));
}

/** Compares what stands with what was staged. Files without their bronze are left: nothing can be said of them. */
async function compareFiles(
  lake: Lake,
  engine: Engine,
  log: VerifiedLog,
  { staged, removed }: Recording,
  promoted: readonly PromotedDataset[],
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const rebuilt = byPartition(staged);
  const standing = byPartition([...log.files.keys()].map((file) => [file, file]));
  for (const [file, paths] of rebuilt) {
    // Lakes of earlier versions have no states: they say nothing that silver does not.
    if (isQuarantineOfRetired(log, file) || (isStates(file) && !log.files.has(file))) continue;
    const parts = standing.get(file);
    if (parts === undefined) {
      differences.push({ file, kind: "missing", problem: "bronze gives this file, and no commit has written it" });
      continue;
    }
    if (!(await areThere(lake, parts))) continue;
    const compared = await withRebuilt(lake, parts, paths);
    if (file.endsWith(".parquet")) {
      const folder = file.split("/")[1];
      const dataset = promoted.find(({ plan }) => plan.dataset.folders.silver === folder)?.plan.dataset;
      if (dataset !== undefined) differences.push(...(await compareRows(engine, dataset, file, compared)));
    } else if (isStates(file)) differences.push(...(await compareBytes(file, compared)));
    else differences.push(...(await compareText(lake, file, compared)));
  }
  for (const file of removed) {
    if (!log.files.has(file) || isQuarantineOfRetired(log, file) || rebuilt.has(firstPartOf(file) ?? file)) continue;
    differences.push({ file, kind: "unknown", problem: "bronze does not give this file" });
  }
  return differences;
}

async function areThere(lake: Lake, files: readonly LakePath[]): Promise<boolean> {
  for (const file of files) if ((await lake.storage.status(`${lake.root}/${file}`)) === null) return false;
  return true;
}

/** Whether bronze was retired from which lines of a quarantine file may come: a writer near midnight uses the day before. */
function isQuarantineOfRetired(log: VerifiedLog, file: LakePath): boolean {
  const [, dataset, day] = /^silver\/quarantine\/(.+)\/([0-9]{8})\.jsonl$/.exec(firstPartOf(file) ?? "") ?? [];
  if (dataset === undefined || day === undefined) return false;
  const near = [addDays(day, -1), day, addDays(day, 1)];
  return [...log.state.files].some(
    ([path, progress]) =>
      progress.retired && progress.dataset === dataset && near.some((other) => path.endsWith(`${other}.jsonl`)),
  );
}
