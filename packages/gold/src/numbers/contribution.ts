import type { Sketch } from "./sketch.ts";
import { addTally, NO_TASKS, type Tally } from "./tally.ts";

/** Columns whose values' counts documents show as shares. */
export const SHARE_COLUMNS = ["status", "priority", "type"] as const;
export type ShareColumn = (typeof SHARE_COLUMNS)[number];

/** What tasks add to a document's counts, sums and buckets. Those of groups without a common task add up. */
export interface Contribution {
  readonly all: Tally;
  readonly masters: ReadonlyMap<string, Tally>;
  readonly shares: Readonly<Record<ShareColumn, ReadonlyMap<string, number>>>;
  readonly sketch: Sketch;
}

/** A growing sum of contributions. */
export class ContributionSum implements Contribution {
  all = NO_TASKS;
  readonly masters = new Map<string, Tally>();
  readonly shares: Readonly<Record<ShareColumn, Map<string, number>>> = {
    status: new Map(),
    priority: new Map(),
    type: new Map(),
  };
  readonly sketch = new Map<number, number>();

  /** Adds a contribution; with `sign` -1, takes it away. What is 0 afterwards is gone. */
  add(part: Contribution, sign: 1 | -1 = 1): this {
    this.all = addTally(this.all, part.all, sign);
    for (const [master, tally] of part.masters) this.#addMaster(master, tally, sign);
    for (const column of SHARE_COLUMNS) {
      for (const [value, count] of part.shares[column]) addCount(this.shares[column], value, sign * count);
    }
    for (const [lower, count] of part.sketch) addCount(this.sketch, lower, sign * count);
    return this;
  }

  /** Adds the tasks of a master to all counts that are by master. */
  addMaster(master: string, tally: Tally): void {
    this.all = addTally(this.all, tally);
    this.#addMaster(master, tally, 1);
  }

  /** Adds tasks with a value in one of the columns. */
  addShare(column: ShareColumn, value: string, count: number): void {
    addCount(this.shares[column], value, count);
  }

  /** Adds durations to a bucket. */
  addBucket(lower: number, count: number): void {
    addCount(this.sketch, lower, count);
  }

  /** Whether there is anything in it. */
  get isEmpty(): boolean {
    const counts = [this.masters, this.sketch, ...SHARE_COLUMNS.map((column) => this.shares[column])];
    return this.all.total === 0 && counts.every((map) => map.size === 0);
  }

  /** Whether every count and sum is one that tasks can have. */
  get isPossible(): boolean {
    const counts = [this.sketch, ...SHARE_COLUMNS.map((column) => this.shares[column])];
    return (
      [this.all, ...this.masters.values()].every(isPossibleTally) &&
      counts.every((map) => [...map.values()].every((count) => count > 0))
    );
  }

  #addMaster(master: string, tally: Tally, sign: 1 | -1): void {
    const sum = addTally(this.masters.get(master) ?? NO_TASKS, tally, sign);
    if (sum.total === 0) this.masters.delete(master);
    else this.masters.set(master, sum);
  }
}

function addCount<K>(counts: Map<K, number>, key: K, added: number): void {
  const sum = (counts.get(key) ?? 0) + added;
  if (sum === 0) counts.delete(key);
  else counts.set(key, sum);
}

/** Roll-ups have no buckets by master, so that those of a master are no part of this. */
function isPossibleTally({ total, completed, failed, cancelled, durations, sum }: Tally): boolean {
  return [total, completed, failed, cancelled, durations].every((count) => count >= 0) && sum >= 0n;
}
