import { type Engine, openDuckDb } from "@medallion/engine";
import { type DailyInput, stageDaily } from "@medallion/gold";
import {
  acquireLock,
  addCounts,
  beginTransaction,
  type Commit,
  type Day,
  type Lake,
  type LakePath,
  nowMicros,
  type PartitionCounts,
  resolveInLake,
  silverPath,
  type Transaction,
} from "@medallion/lake";
import { tasks } from "@medallion/schema";
import {
  longestLineBytes,
  measurePromotion,
  type Promotion,
  partitionsOf,
  planPromotion,
  promote,
} from "@medallion/silver";
import { staleGold } from "./stale-gold.ts";

export interface PipelineOptions {
  readonly version: string;
  readonly command: string;
  readonly rebuild: boolean;
  readonly waitMs: number;
  readonly threads?: number;
  readonly memoryLimit?: string;
  readonly signal: AbortSignal;
  /** @param fraction from 0 to 1 */
  readonly onStep: (fraction: number, text: string) => void;
}

/** What a run did. */
export interface PipelineResult {
  readonly commit: Commit;
  readonly reason: string;
  readonly partitions: readonly PartitionCounts[];
  readonly gold: readonly LakePath[];
}

const STEPS = { read: 0.1, merge: 0.5, write: 0.6 } as const;
const MEBIBYTE = 1024 * 1024;
const BASE_MEMORY_MIB = 732;
/** While a record is checked and completed, its text stands in some sixty columns and buffers. */
const MEMORY_PER_LINE_BYTE = 64;

/** Promotes what is new and makes the gold of every day touched, in one commit. Null when there was nothing to do. */
export async function runPipeline(lake: Lake, options: PipelineOptions): Promise<PipelineResult | null> {
  const { command, waitMs, signal } = options;
  const lock = await acquireLock(lake, { command, waitMs, signal });
  try {
    const transaction = await beginTransaction(lake, lock);
    try {
      return await runInTransaction(lake, transaction, options);
    } finally {
      await transaction.abort();
    }
  } finally {
    await lock.release();
  }
}

async function runInTransaction(
  lake: Lake,
  transaction: Transaction,
  options: PipelineOptions,
): Promise<PipelineResult | null> {
  const { command, version, signal, onStep } = options;
  const plan = await planPromotion(lake, transaction.state, tasks, { rebuild: options.rebuild });
  const stale = staleGold(transaction.state, tasks.name);
  if (plan.reason === "nothing new" && stale.length === 0) return null;
  const processedAt = nowMicros();
  onStep(0.02, `${tasks.name}: measure`);
  const ranges = await measurePromotion(lake, transaction, plan);
  if (ranges.length === 0 && stale.length === 0) return null;
  signal.throwIfAborted();
  const engine = await openEngine(lake, transaction, longestLineBytes(ranges), options);
  const stop = () => engine.interrupt();
  signal.addEventListener("abort", stop);
  try {
    const promotion =
      ranges.length === 0
        ? null
        : await promote({
            lake,
            engine,
            transaction,
            plan,
            ranges,
            processedAt,
            onStep: (step) => onStep(STEPS[step], `${tasks.name}: ${step}`),
          });
    onStep(0.8, "gold: daily analytics");
    const days = await dailyInputs(lake, transaction, promotion, stale);
    const gold = await stageDaily({ lake, engine, transaction, dataset: tasks, days, generatedAt: processedAt });
    signal.throwIfAborted();
    onStep(0.95, "commit");
    const partitions = promotion?.partitions ?? [];
    const rules = promotion === null ? {} : { [tasks.name]: { version: tasks.version, hash: tasks.rulesHash } };
    const reads = promotion?.reads ?? [];
    const commit = await transaction.commit({
      command,
      version,
      reads,
      partitions,
      rules,
      rows: promotion?.rows ?? {},
    });
    const reason = promotion === null ? "gold was out of date" : plan.reason;
    return { commit, reason, partitions, gold };
  } finally {
    signal.removeEventListener("abort", stop);
    await engine.close();
  }
}

function openEngine(lake: Lake, transaction: Transaction, longest: number, options: PipelineOptions): Promise<Engine> {
  const needed = BASE_MEMORY_MIB + Math.ceil((MEMORY_PER_LINE_BYTE * longest) / MEBIBYTE);
  return openDuckDb({
    timeZone: lake.timeZone,
    folders: [lake.root],
    temporaryFolder: `${transaction.folder}/spill`,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    memoryLimit: options.memoryLimit ?? `${needed}MiB`,
  });
}

async function dailyInputs(
  lake: Lake,
  transaction: Transaction,
  promotion: Promotion | null,
  stale: readonly Day[],
): Promise<DailyInput[]> {
  const earlier = new Map(partitionsOf(transaction.state, tasks).map((totals) => [totals.day, totals]));
  const inputs = new Map<Day, DailyInput>();
  for (const counts of promotion?.partitions ?? []) {
    const totals = addCounts(earlier.get(counts.day), counts, null, transaction.state.last + 1);
    inputs.set(counts.day, { day: counts.day, path: promotion?.days.get(counts.day) ?? null, totals });
  }
  for (const day of stale) {
    const totals = earlier.get(day);
    if (totals === undefined || inputs.has(day)) continue;
    const path = totals.rows === 0 ? null : await resolveInLake(lake, silverPath(tasks.folders.silver, day, "parquet"));
    inputs.set(day, { day, path, totals });
  }
  return [...inputs.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
