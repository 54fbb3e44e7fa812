import { any, type Engine, join, type Sql, sql } from "@medallion/engine";
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
  if (count === 0) return percentilesAt(count, new Map());
  return percentilesAt(count, await durationsAt(engine, relation, sorted, new Set(placesOf(count))));
}

/** The places, from 0, of those of `count` durations in order between which the percentiles lie. */
export function placesOf(count: number): number[] {
  if (count === 0) return [];
  return PERCENTS.flatMap((percent) => {
    const { index } = percentilePlace(percent, count);
    return [index, Math.min(index + 1, count - 1)];
  });
}

/** The percentiles of `count` durations, of which those at `placesOf(count)` are given in microseconds. */
export function percentilesAt(count: number, found: ReadonlyMap<number, bigint>): Percentiles {
  const at = (percent: number) => {
    if (count === 0) return null;
    const { index, hundredths } = percentilePlace(percent, count);
    const [low, high] = [found.get(index), found.get(Math.min(index + 1, count - 1))];
    if (low === undefined || high === undefined) throw new TypeError(`the duration at place ${index} is missing`);
    return percentileSeconds(low, high, hundredths);
  };
  return { 50: at(50), 95: at(95), 99: at(99) };
}

/** The durations at places of all durations in order. */
async function durationsAt(
  engine: Engine,
  relation: Sql,
  sorted: readonly (readonly [lower: number, count: number])[],
  places: ReadonlySet<number>,
): Promise<Map<number, bigint>> {
  const wanted = [...places].map((index) => ({ index, ...placeInSketch(sorted, index) }));
  const lowers = [...new Set(wanted.map(({ lower }) => lower))].map((lower) => BigInt(lower));
  const within = (lower: bigint) =>
    sql`(micros >= ${lower} AND micros < ${lower + BigInt(bucketWidth(Number(lower)))})`;
  const bucket = sql`CASE ${join(
    lowers.map((lower) => sql`WHEN ${within(lower)} THEN ${lower}`),
    sql` `,
  )} END`;
  const numbered = sql`SELECT bucket, micros, row_number() OVER (PARTITION BY bucket ORDER BY micros) - 1 AS place
    FROM (SELECT micros, ${bucket} AS bucket FROM ${relation} AS r WHERE ${any(lowers.map(within))}) AS b`;
  const isWanted = wanted.map(({ lower, place }) => sql`(bucket = ${BigInt(lower)} AND place = ${place})`);
  const rows = await engine.rows(sql`SELECT bucket, place, micros FROM (${numbered}) AS n WHERE ${any(isWanted)}`);
  return new Map(
    wanted.flatMap(({ index, lower, place }) => {
      const row = rows.find((other) => Number(other.bucket) === lower && Number(other.place) === place);
      return row === undefined ? [] : [[index, BigInt(String(row.micros))] as const];
    }),
  );
}
