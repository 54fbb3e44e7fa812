import type { DayRollup, RollupContribution } from "@medallion/schema/gold";
import { type Contribution, ContributionSum, type SHARE_COLUMNS, type ShareColumn } from "../numbers/contribution.ts";
import { sortedBuckets } from "../numbers/sketch.ts";
import { NO_TASKS, type Tally } from "../numbers/tally.ts";
import { sortedByName } from "../order.ts";

/** The roll-up of a day: what its tasks add, and what those of them add that were seen again, by the next day. */
export interface Rollup {
  readonly contribution: ContributionSum;
  readonly superseded: ReadonlyMap<string, ContributionSum>;
}

/** A roll-up as the daily document has it. */
export function rollupDocument(rollup: Rollup): DayRollup {
  const superseded = sortedByName(rollup.superseded)
    .filter(([, contribution]) => !contribution.isEmpty)
    .map(([day, contribution]) => ({ day, ...contributionDocument(contribution) }));
  return { ...contributionDocument(rollup.contribution), superseded };
}

/** Reads a roll-up from a daily document. */
export function readRollup(document: DayRollup): Rollup {
  const { superseded, ...own } = document;
  return {
    contribution: readContribution(own),
    superseded: new Map(superseded.map(({ day, ...contribution }) => [day, readContribution(contribution)])),
  };
}

function contributionDocument(contribution: Contribution): RollupContribution {
  const shares = (column: ShareColumn) =>
    sortedByName(contribution.shares[column]).map(([value, count]) => ({ value, count }));
  return {
    ...tallyDocument(contribution.all),
    fast: contribution.all.fast,
    slow: contribution.all.slow,
    by_master: sortedByName(contribution.masters).map(([master, tally]) => ({ master, ...tallyDocument(tally) })),
    by_status: shares("status").map(({ value, count }) => ({ status: value, count })),
    by_priority: shares("priority").map(({ value, count }) => ({ priority: value, count })),
    by_type: shares("type").map(({ value, count }) => ({ type: value, count })),
    sketch: Object.fromEntries(sortedBuckets(contribution.sketch).map(([lower, n]) => [String(BigInt(lower)), n])),
  };
}

function readContribution(document: RollupContribution): ContributionSum {
  const shares = {
    status: new Map(document.by_status.map(({ status, count }) => [status, count])),
    priority: new Map(document.by_priority.map(({ priority, count }) => [priority, count])),
    type: new Map(document.by_type.map(({ type, count }) => [type, count])),
  } satisfies Record<(typeof SHARE_COLUMNS)[number], Map<string, number>>;
  return new ContributionSum().add({
    all: { ...readTally(document), fast: document.fast, slow: document.slow },
    masters: new Map(document.by_master.map(({ master, ...tally }) => [master, readTally(tally)])),
    shares,
    sketch: new Map(Object.entries(document.sketch).map(([lower, count]) => [Number(lower), count])),
  });
}

function tallyDocument({ total, completed, failed, cancelled, durations, sum }: Tally) {
  return { total, completed, failed, cancelled, durations, duration_sum_micros: String(sum) };
}

function readTally(document: ReturnType<typeof tallyDocument>): Tally {
  const { total, completed, failed, cancelled, durations } = document;
  return { ...NO_TASKS, total, completed, failed, cancelled, durations, sum: BigInt(document.duration_sum_micros) };
}
