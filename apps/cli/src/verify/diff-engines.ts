import type { Engine } from "@medallion/engine";
import { isStates, stageDaily, stageDocuments, staleDocuments } from "@medallion/gold";
import type { Lake } from "@medallion/lake";
import type { LakePath } from "@medallion/lake/layout";
import { type Micros, nowMicros } from "@medallion/lake/time";
import type { Difference } from "@medallion/lake/verify";
import { type Dataset, metrics, tasks } from "@medallion/schema";
import { stageAggregates } from "@medallion/silver";
import type { DatasetSchemas } from "../json-schemas/apply.ts";
import { dailyInputs } from "../pipeline/daily.ts";
import { longestLineOf, type PlannedPromotion, planPromotions, promoteAll } from "../pipeline/promotions.ts";
import { inTransaction, type SessionOptions, withEngine } from "../pipeline/session.ts";
import { compareBytes, compareRows, compareText } from "./compare.ts";
import { byPartition, type Recording, recording } from "./recording.ts";

export interface DiffEnginesOptions extends Omit<SessionOptions, "engineUrl"> {
  readonly engines: readonly [first: string, second: string];
  readonly datasets: readonly Dataset[];
  readonly schemas: readonly DatasetSchemas[];
}

/** What two engines make of one lake. */
export interface EngineDifferences {
  readonly differences: readonly Difference[];
  /** How many files both have made; the parts of a partition count as one. */
  readonly files: number;
  /** How long each took to make them, without its start. */
  readonly engines: readonly { readonly name: string; readonly seconds: number }[];
}

interface Built {
  readonly name: string;
  readonly seconds: number;
  readonly staged: ReadonlyMap<LakePath, string>;
}

/** Makes silver and gold of all bronze by two engines, and compares them. Changes nothing. */
export async function diffEngines(lake: Lake, options: DiffEnginesOptions): Promise<EngineDifferences> {
  return await inTransaction(lake, options, async (transaction) => {
    options.onStep(0.02, "measure");
    const planned = await planPromotions(lake, recording(transaction).transaction, options.datasets, true);
    const processedAt = nowMicros();
    const work = async (index: 0 | 1, then: (built: Built, engine: Engine) => Promise<Difference[]>) => {
      const session = { ...options, engineUrl: options.engines[index] };
      return await withEngine(lake, transaction, longestLineOf(planned), session, async (engine) => {
        const began = performance.now();
        const record = recording(transaction, `engine-${index + 1}-`);
        const onStep = (fraction: number, text: string) =>
          options.onStep(0.05 + 0.4 * (index + fraction), `${engine.name}: ${text}`);
        await build({ lake, engine, transaction: record.transaction, processedAt, options, onStep }, planned);
        const seconds = Math.round(performance.now() - began) / 1000;
        const built = { name: engine.name, seconds, staged: record.staged };
        return { built, differences: await then(built, engine) };
      });
    };
    // Who has mistyped the second address is not to wait for the work of the first engine.
    await withEngine(lake, transaction, 0, { ...options, engineUrl: options.engines[1] }, async () => undefined);
    const { built: first } = await work(0, async () => []);
    const { built: second, differences } = await work(1, (built, engine) => {
      options.onStep(0.9, "compare");
      return compareBuilt(lake, engine, options.datasets, first, built);
    });
    const engines = [first, second].map(({ name, seconds }) => ({ name, seconds }));
    const made = byPartition(second.staged);
    const files = [...byPartition(first.staged).keys()].filter((file) => made.has(file)).length;
    return { differences, files, engines };
  });
}

interface Place {
  readonly lake: Lake;
  readonly engine: Engine;
  readonly transaction: Recording["transaction"];
  readonly processedAt: Micros;
  readonly options: Pick<DiffEnginesOptions, "datasets" | "schemas">;
  readonly onStep: (fraction: number, text: string) => void;
}

/** Stages what a run that makes everything anew would. Documents of quality are left out: they say how the lake is now. */
async function build({ options, onStep, ...place }: Place, planned: readonly PlannedPromotion[]): Promise<void> {
  const { lake, transaction, processedAt: generatedAt } = place;
  const promoted = await promoteAll(
    {
      ...place,
      schemas: options.schemas,
      onStep: (dataset, step, index) => onStep((0.8 * index) / planned.length, `${dataset}: ${step}`),
    },
    planned,
  );
  const measured = promoted.find(({ plan }) => plan.dataset.name === metrics.name);
  if (measured !== undefined) await stageAggregates({ ...place, days: measured.promotion.days });
  const found = promoted.find(({ plan }) => plan.dataset.name === tasks.name);
  if (found === undefined) return;
  onStep(0.8, "gold");
  const { dataset } = found.plan;
  const days = await dailyInputs(lake, transaction.state, dataset, found.promotion, [], null);
  await stageDaily({ ...place, dataset, days, generatedAt });
  const changed = days.map(({ day }) => day);
  const plan = staleDocuments(transaction.state, changed);
  await stageDocuments({ ...place, dataset, changed: days, plan, generatedAt });
}

async function compareBuilt(
  lake: Lake,
  engine: Engine,
  datasets: readonly Dataset[],
  first: Built,
  second: Built,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const [onlyInFirst, onlyInSecond] =
    first.name === second.name
      ? ["of the first engine only", "of the second engine only"]
      : [`of ${first.name} only`, `of ${second.name} only`];
  const [ofFirst, ofSecond] = [byPartition(first.staged), byPartition(second.staged)];
  for (const file of new Set([...ofFirst.keys(), ...ofSecond.keys()])) {
    const [one, other] = [ofFirst.get(file), ofSecond.get(file)];
    if (one === undefined || other === undefined) {
      const { name } = one === undefined ? first : second;
      differences.push({ file, kind: "missing", problem: `${name} does not make this file` });
      continue;
    }
    const compared = { first: one, second: other, onlyInFirst, onlyInSecond };
    const dataset = datasets.find(({ folders }) => folders.silver === file.split("/")[1]);
    if (isStates(file)) differences.push(...(await compareBytes(file, compared)));
    else if (!file.endsWith(".parquet")) differences.push(...(await compareText(lake, file, compared)));
    else if (dataset !== undefined) differences.push(...(await compareRows(engine, dataset, file, compared)));
  }
  return differences;
}
