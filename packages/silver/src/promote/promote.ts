import { join } from "node:path";
import { type Engine, identifier, sql } from "@medallion/engine";
import type { Lake, PartitionCounts, PartitionTotals, ReadRange, Transaction } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import type { Day, Micros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { SilverError } from "../errors.ts";
import { profileRows } from "../profile/rows.ts";
import { type ProfileChange, stageProfiles } from "../profile/stage.ts";
import { TABLES } from "../sql/merge.ts";
import { STAGED, stageQuery } from "../sql/stage.ts";
import type { PartitionTally } from "./counts.ts";
import { externalSource } from "./external.ts";
import { mendLines } from "./mend.ts";
import { mergeStaged } from "./merge.ts";
import { type PromotionPlan, partitionsOf } from "./plan.ts";
import { type BronzeRange, longestLineBytes, pinGrown } from "./ranges.ts";
import { checkNoFailure, type RuleCounts, ruleCounts } from "./rule-counts.ts";
import { writeQuarantine, writeSilver } from "./write.ts";

/** What a promotion is told as it goes on. */
export type PromotionStep = "read" | "merge" | "write";

export interface PromoteOptions {
  readonly lake: Lake;
  readonly engine: Engine;
  /** The promotion stages its files here; the caller commits. */
  readonly transaction: Transaction;
  readonly plan: PromotionPlan;
  /** What `measurePromotion` has found, in this transaction. */
  readonly ranges: readonly BronzeRange[];
  /** The time of the run, which becomes `processed_at`. */
  readonly processedAt: Micros;
  readonly onStep?: (step: PromotionStep) => void;
  /**
   * Rules of the data set that were checked outside of the engine, and the absolute path of a file of JSON lines: the
   * SHA-256 of each bronze line that breaks some as `digest`, and a reason under the id of each. Default: none.
   */
  readonly external?: { readonly rules: readonly string[]; readonly path: string } | null;
}

/** What a promotion has staged, for the commit and for the people who asked. */
export interface Promotion {
  readonly dataset: Dataset;
  readonly reads: readonly ReadRange[];
  readonly partitions: readonly PartitionCounts[];
  /** The rows of every staged file. */
  readonly rows: Readonly<Record<LakePath, number>>;
  /** Every day that was touched, with the absolute paths of its Parquet files; none for a day without rows. */
  readonly days: ReadonlyMap<Day, readonly string[]>;
  /** How the records that were read fared under each rule. */
  readonly rules: readonly RuleCounts[];
  /** What the records of every day that was touched look like. */
  readonly profiles: ReadonlyMap<Day, ProfileChange>;
  /** Whether silver was made anew from all of bronze. */
  readonly rebuilt: boolean;
}

/**
 * Promotes bronze to silver: reads the planned bytes, checks every record against the data set's rules, drops
 * duplicates, merges with the rows of earlier runs and stages the files of the partitions touched.
 *
 * @throws SilverError RULE_FAILED when a record breaks a rule of severity `fail`
 * @throws SilverError COUNTS_DO_NOT_MATCH when the engine read other lines than were measured
 * @throws LakeError COUNTS_DO_NOT_BALANCE at the commit, when a record went nowhere or twice
 * @throws EngineError
 */
export async function promote(options: PromoteOptions): Promise<Promotion> {
  const { engine, transaction, plan, onStep } = options;
  const { dataset } = plan;
  onStep?.("read");
  const ranges = await stage(options);
  onStep?.("merge");
  const merge = await mergeStaged(options);
  const rules = ruleCounts(dataset, merge.tallies);
  checkNoFailure(dataset, rules);
  onStep?.("write");
  const silver = await writeSilver(options, merge);
  const quarantine = await writeQuarantine(options);
  const profiles = await stageProfiles(options, await profileRows(engine, dataset));
  for (const table of Object.values(TABLES)) await engine.forget(table);
  return {
    dataset,
    reads: ranges.map((range) => range.read),
    partitions: partitionCounts(plan, partitionsOf(transaction.state, dataset), merge.tallies),
    rows: { ...silver.rows, ...quarantine },
    days: silver.days,
    rules,
    profiles,
    rebuilt: plan.rebuild,
  };
}

/** The counts for the commit. A rebuild also names the partitions that it left empty. */
function partitionCounts(
  plan: PromotionPlan,
  earlier: readonly PartitionTotals[],
  tallies: readonly PartitionTally[],
): PartitionCounts[] {
  const isKept = (day: Day) => plan.rebuild && plan.retiredDays.includes(day);
  const counts = tallies
    .filter((tally) => !isKept(tally.day))
    .map(
      ({ broken: _, ...tally }): PartitionCounts => ({
        dataset: plan.dataset.name,
        ...tally,
        rows: tally.accepted - tally.superseded,
        rebuilt: plan.rebuild,
      }),
    );
  if (!plan.rebuild) return counts;
  const made = new Set(tallies.map((tally) => tally.day));
  const emptied = earlier.filter((partition) => !made.has(partition.day) && !isKept(partition.day));
  return [...counts, ...emptied.map(({ day }) => emptyCounts(plan.dataset.name, day))];
}

function emptyCounts(dataset: string, day: Day): PartitionCounts {
  const none = { read: 0, accepted: 0, duplicate: 0, quarantined: 0, superseded: 0, rows: 0 };
  return { dataset, day, ...none, rebuilt: true, sources: [], rejects: {}, warnings: {} };
}

/** Reads, checks and completes the records into the staged table, exactly those that were measured. */
async function stage(options: PromoteOptions): Promise<readonly BronzeRange[]> {
  const { lake, transaction, plan, ranges: measured } = options;
  await stageLines(options, measured, true);
  const pinned = await pinGrown(lake, transaction.folder, plan.dataset.folders.bronze, measured);
  const ranges = pinned ?? measured;
  if (pinned !== null) await stageLines(options, ranges, true);
  const expected = ranges.reduce((sum, range) => sum + range.measured.lines, 0);
  if ((await countStaged(options)) === expected) return ranges;
  await stageLines(options, await mendRanges(transaction, ranges), false);
  const found = await countStaged(options);
  if (found === expected) return ranges;
  throw new SilverError(
    "COUNTS_DO_NOT_MATCH",
    `Expected the engine to read ${expected} lines of ${plan.dataset.name} from bronze, found ${found}. Nothing was committed; please report this.`,
    { dataset: plan.dataset.name, expected, found },
  );
}

async function countStaged({ engine }: PromoteOptions): Promise<number> {
  const [row] = await engine.rows(
    sql`SELECT count(${identifier(STAGED.day)}) AS n FROM ${engine.table(TABLES.staged)}`,
  );
  return Number(row?.n);
}

/** @param trusted whether every line is read as JSON; a line that is none then has no text in the staged table */
async function stageLines(options: PromoteOptions, ranges: readonly BronzeRange[], trusted: boolean): Promise<void> {
  const { engine, plan, processedAt, external } = options;
  const maxLineBytes = longestLineBytes(ranges);
  const sources = ranges.map((range) => range.source);
  const lines = await engine.lines(sources, { maxLineBytes: trusted ? maxLineBytes : 2 * maxLineBytes, json: trusted });
  const query = stageQuery(engine.dialect, plan.dataset, {
    lines,
    trusted,
    processedAt,
    retiredDays: plan.retiredDays,
    external: external === undefined || external === null ? null : await externalSource(engine, external),
  });
  await engine.materialize(TABLES.staged, query);
}

async function mendRanges(transaction: Transaction, ranges: readonly BronzeRange[]): Promise<BronzeRange[]> {
  const mended: BronzeRange[] = [];
  for (const [index, range] of ranges.entries()) {
    const path = join(transaction.folder, `mended-${index}.jsonl`);
    await mendLines(range.source.path, range.measured.to - range.file.from, path);
    mended.push({ ...range, source: { ...range.source, path } });
  }
  return mended;
}
