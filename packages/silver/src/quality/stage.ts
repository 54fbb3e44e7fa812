import type { Engine } from "@medallion/engine";
import type { Lake, Transaction } from "@medallion/lake";
import { type LakePath, qualityPath, resolveInLake } from "@medallion/lake/layout";
import type { Day, Micros } from "@medallion/lake/time";
import type { Dataset } from "@medallion/schema";
import { type DataQuality, dataQuality } from "@medallion/schema/gold";
import { SilverError } from "../errors.ts";
import type { Promotion } from "../promote/promote.ts";
import { endOfDayOr } from "./days.ts";
import { type DatasetFacts, qualityDocument } from "./document.ts";
import type { FreshnessLimits } from "./freshness.ts";
import { type QualityDataset, type QualityPartition, qualityDatasets } from "./partitions.ts";
import { backwardsTasks, type DayRows, dayRows, masterRows, unknownTasks } from "./rows.ts";

/** Masters are compared with those of so many days before. */
const DAYS_BEFORE = 7;
/** Data sets whose rows name tasks. */
const NAMING = ["lineage", "events"];

export interface StageQualityOptions {
  readonly lake: Lake;
  readonly engine: Engine;
  /** The documents are staged here; the caller commits. */
  readonly transaction: Transaction;
  /** Every data set, in the order of their promotion. */
  readonly datasets: readonly Dataset[];
  /** What the transaction has staged. */
  readonly promotions: readonly Promotion[];
  readonly generatedAt: Micros;
  /** The limits of a data set's age. */
  readonly freshness: (dataset: string) => FreshnessLimits;
}

/**
 * Stages `gold/quality/quality-YYYYMMDD.json` for every day that promotions have touched, for days whose document is older
 * than their silver, and for days that were not over when their document was made and are now. The document of a day without any record is removed.
 *
 * @returns the documents staged
 * @throws SilverError DOCUMENT_INVALID, PROFILE_INVALID
 * @throws EngineError
 */
export async function stageQuality(options: StageQualityOptions): Promise<LakePath[]> {
  const { lake, engine, transaction, promotions, generatedAt } = options;
  const touched = promotions.flatMap(({ partitions }) => partitions.map(({ day }) => day));
  const days = [...new Set([...touched, ...staleDays(options), ...(await unfinishedDays(options))])].sort();
  if (days.length === 0) return [];
  const all = await qualityDatasets(lake, transaction.state, options.datasets, promotions);
  const rows = new Map<string, ReadonlyMap<Day, DayRows>>();
  for (const item of all)
    rows.set(item.dataset.name, await dayRows(engine, item.dataset, sourcesOf(newestFor(item, days))));
  const tasks = all.find(({ dataset }) => dataset.name === "tasks");
  const own = days.flatMap((day) => tasks?.partitions.get(day) ?? []);
  const backwards = await backwardsTasks(engine, sourcesOf(own));
  const masters = await masterRows(engine, sourcesOf(own));
  const naming = all.filter(({ dataset }) => NAMING.includes(dataset.name));
  const earlier = new EarlierMasters(lake, transaction, masters);
  const staged: LakePath[] = [];
  for (const day of days) {
    const path = qualityPath(day);
    if (!all.some(({ partitions }) => (partitions.get(day)?.totals.read ?? 0) > 0)) {
      transaction.remove(path);
      continue;
    }
    const { at, over } = endOfDayOr(day, lake.timeZone, generatedAt);
    const document = qualityDocument({
      ...{ day, timeZone: lake.timeZone, generatedAt, at, complete: over },
      datasets: await datasetFacts(options, all, rows, day),
      backwards: backwards.get(day) ?? 0,
      unknownTasks: await unknownTasks(engine, day, tasks, naming),
      masters: masters.get(day) ?? new Map(),
      earlierMasters: await earlier.before(daysBefore(tasks, day)),
    });
    check(path, document);
    await lake.storage.write(await transaction.stage(path), `${JSON.stringify(document, null, 2)}\n`);
    staged.push(path);
  }
  return staged;
}

async function datasetFacts(
  { freshness }: StageQualityOptions,
  all: readonly QualityDataset[],
  rows: ReadonlyMap<string, ReadonlyMap<Day, DayRows>>,
  day: Day,
): Promise<DatasetFacts[]> {
  const facts: DatasetFacts[] = [];
  for (const of of all) {
    const { name } = of.dataset;
    if (![...of.partitions.values()].some((item) => item.day <= day && item.totals.read > 0)) continue;
    const newest = newestUpTo(of, day);
    facts.push({
      of,
      profile: await of.profileOf(day),
      rows: rows.get(name)?.get(day) ?? null,
      newest: (newest === undefined ? null : rows.get(name)?.get(newest.day)?.newest) ?? null,
      limits: freshness(name),
    });
  }
  return facts;
}

/** The partitions that hold the newest record up to each day. */
function newestFor(of: QualityDataset, days: readonly Day[]): QualityPartition[] {
  return [...new Set(days.flatMap((day) => newestUpTo(of, day) ?? []))];
}

function newestUpTo({ partitions }: QualityDataset, day: Day): QualityPartition | undefined {
  return [...partitions.values()].findLast((item) => item.day <= day && item.paths.length > 0);
}

function sourcesOf(partitions: readonly QualityPartition[]) {
  return partitions.flatMap(({ paths, day }) => paths.map((path) => ({ path, partition: day })));
}

/** The last days before with tasks, the latest first. */
function daysBefore(tasks: QualityDataset | undefined, day: Day): Day[] {
  const known = [...(tasks?.partitions.values() ?? [])].filter((item) => item.day < day && item.totals.rows > 0);
  return known
    .slice(-DAYS_BEFORE)
    .map((item) => item.day)
    .reverse();
}

/** The masters of days, from what is being staged or from the documents that stand. */
class EarlierMasters {
  readonly #lake: Lake;
  readonly #transaction: Transaction;
  readonly #known: Map<Day, readonly string[] | null>;

  constructor(lake: Lake, transaction: Transaction, staged: ReadonlyMap<Day, ReadonlyMap<string, number>>) {
    this.#lake = lake;
    this.#transaction = transaction;
    this.#known = new Map([...staged].map(([day, masters]) => [day, [...masters.keys()]]));
  }

  async before(days: readonly Day[]): Promise<(readonly string[])[]> {
    const found: (readonly string[])[] = [];
    for (const day of days) {
      const masters = this.#known.get(day) ?? (await this.#read(day));
      this.#known.set(day, masters);
      if (masters !== null) found.push(masters);
    }
    return found;
  }

  async #read(day: Day): Promise<readonly string[] | null> {
    const document = await standingQuality(this.#lake, this.#transaction, day);
    return document?.agents.masters.map(({ master }) => master) ?? null;
  }
}

/** The days with records that have no document, or one that is older than a partition of theirs. */
function staleDays({ transaction: { state }, datasets }: StageQualityOptions): Day[] {
  return [...state.partitions.values()].flatMap(({ dataset, day, read, commit }) => {
    const isStale = read > 0 && (state.gold.get(qualityPath(day))?.commit ?? 0) < commit;
    return isStale && datasets.some(({ name }) => name === dataset) ? [day] : [];
  });
}

/** The last days whose document was made before they were over, and that are over now. */
async function unfinishedDays({ lake, transaction, generatedAt }: StageQualityOptions): Promise<Day[]> {
  const days = [...transaction.state.gold.keys()].flatMap((path) => QUALITY.exec(path)?.slice(1, 2) ?? []).sort();
  const unfinished: Day[] = [];
  for (const day of days.slice(-2)) {
    const document = await standingQuality(lake, transaction, day);
    if (document?.complete === false && endOfDayOr(day, lake.timeZone, generatedAt).over) unfinished.push(day);
  }
  return unfinished;
}

const QUALITY = /^gold\/quality\/quality-([0-9]{8})\.json$/;

/** The document of a day; null where there is none, or one that is damaged and is made anew some day. */
async function standingQuality(lake: Lake, transaction: Transaction, day: Day): Promise<DataQuality | null> {
  if (!transaction.state.gold.has(qualityPath(day))) return null;
  const text = await lake.storage.readText(await resolveInLake(lake, qualityPath(day)));
  try {
    return dataQuality.safeParse(JSON.parse(text ?? "null")).data ?? null;
  } catch {
    return null;
  }
}

function check(path: LakePath, document: DataQuality): void {
  const checked = dataQuality.safeParse(document);
  if (checked.success) return;
  const [issue] = checked.error.issues;
  const at = issue?.path.join(".") ?? "";
  throw new SilverError(
    "DOCUMENT_INVALID",
    `${path} does not fit its schema at ${at}: ${issue?.message}. Nothing was written; please report this.`,
    { file: path, path: at },
  );
}
