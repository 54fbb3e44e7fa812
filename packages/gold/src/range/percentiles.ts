import { type Engine, join, type Sql, sql } from "@medallion/engine";
import { percentilePlace, percentileSeconds } from "../exact.ts";
import { bucketWidth, placeInSketch, type Sketch, sketchedPercentile, sortedBuckets } from "../numbers/sketch.ts";

const PERCENTS = [50, 95, 99] as const;

/** Percentiles of durations in seconds, by percent. */
export type Percentiles = Readonly<Record<(typeof PERCENTS)[number], number | null>>;

/** Percentiles that are off by less than 0.5 %. */
export function sketchedPercentiles(sketch: Sketch): Percentiles {
  return {
    50: sketchedPercentile(sketch, 50),
    95: sketchedPercentile(sketch, 95),
    99: sketchedPercentile(sketch, 99),
  };
}

/**
 * Exact percentiles of the `micros` of a relation. The sketch of the same rows says in which buckets they lie, so that
 * only the rows of those are sorted.
 */
export async function exactPercentiles(engine: Engine, relation: Sql, sketch: Sketch): Promise<Percentiles> {
  const sorted = sortedBuckets(sketch);
  const count = sorted.reduce((total, [, n]) => total + n, 0);
  if (count === 0) return { 50: null, 95: null, 99: null };
  const places = PERCENTS.flatMap((percent) => {
    const { index } = percentilePlace(percent, count);
    return [index, Math.min(index + 1, count - 1)];
  });
  const found = new Map<number, bigint>();
  const wanted = new Map<number, Map<number, number>>();
  for (const index of places) {
    const { lower, place } = placeInSketch(sorted, index);
    if (bucketWidth(lower) === 1) found.set(index, BigInt(lower));
    else wanted.set(lower, (wanted.get(lower) ?? new Map<number, number>()).set(place, index));
  }
  for (const [lower, inBucket] of wanted) {
    const upper = BigInt(lower) + BigInt(bucketWidth(lower));
    const rows = await engine.rows(sql`SELECT place, micros FROM (
        SELECT micros, row_number() OVER (ORDER BY micros) - 1 AS place
        FROM ${relation} AS r WHERE micros >= ${BigInt(lower)} AND micros < ${upper}) AS s
      WHERE place IN (${join([...inBucket.keys()].map((place) => sql`${place}`))})`);
    for (const row of rows) {
      const index = inBucket.get(Number(row.place));
      if (index !== undefined) found.set(index, BigInt(String(row.micros)));
    }
  }
  const at = (percent: number) => {
    const { index, hundredths } = percentilePlace(percent, count);
    const low = found.get(index);
    if (low === undefined) throw new TypeError(`the duration at place ${index} is missing`);
    return percentileSeconds(low, found.get(Math.min(index + 1, count - 1)) ?? low, hundredths);
  };
  return { 50: at(50), 95: at(95), 99: at(99) };
}
