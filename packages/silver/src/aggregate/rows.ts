import { type Engine, identifier, join, type ParquetSource, type Row, type Sql, sql } from "@medallion/engine";
import { meanOf, numberOf, unitsOf } from "./decimal.ts";

const TABLE = "medallion_metrics";
const PERCENTS = [50, 95] as const;
/** A master that a record does not name. */
const NO_MASTER = "unassigned";

/** The values of one metric of a master on a day. */
export interface MetricRow {
  readonly day: string;
  readonly master: string;
  readonly name: string;
  readonly count: number;
  readonly sum: number;
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly first: string;
  readonly last: string;
}

/** Aggregates the rows of several days by day, master and metric, in this order. */
export async function metricRows(engine: Engine, sources: readonly ParquetSource[]): Promise<MetricRow[]> {
  if (sources.length === 0) return [];
  await engine.materialize(TABLE, valuesQuery(engine, sources));
  const groups = await engine.rows(groupQuery(engine));
  const ranked = await engine.rows(rankedQuery(engine));
  await engine.forget(TABLE);
  const values = new Map(ranked.map((row) => [rankKey(row, Number(row.place)), Number(row.value)]));
  return groups.map((row) => metricRow(row, (place) => values.get(rankKey(row, place))));
}

function valuesQuery(engine: Engine, sources: readonly ParquetSource[]): Sql {
  return sql`SELECT ${identifier("partition")} AS day, coalesce(master, ${NO_MASTER}) AS master, metric_name, metric_value,
    ${identifier("timestamp")} AS instant FROM ${engine.parquet(sources)} AS m`;
}

function groupQuery(engine: Engine): Sql {
  const { dialect } = engine;
  return sql`SELECT day, master, metric_name, count(*) AS n, ${dialect.decimalSum(sql`metric_value`)} AS exact,
      sum(metric_value) AS approximate, min(metric_value) AS least, max(metric_value) AS greatest,
      ${dialect.instantText(sql`min(instant)`)} AS earliest, ${dialect.instantText(sql`max(instant)`)} AS latest
    FROM ${engine.table(TABLE)} GROUP BY day, master, metric_name ORDER BY day, master, metric_name`;
}

/** Of each metric's sorted values only those between which a percentile lies. */
function rankedQuery(engine: Engine): Sql {
  const wanted = PERCENTS.map((percent) => {
    const low = engine.dialect.integerQuotient(sql`(n - 1) * ${percent}`, sql`100`);
    return sql`place = ${low} OR place = ${low} + 1`;
  });
  return sql`SELECT day, master, metric_name, place, metric_value AS value FROM (
    SELECT day, master, metric_name, metric_value, count(*) OVER (PARTITION BY day, master, metric_name) AS n,
      row_number() OVER (PARTITION BY day, master, metric_name ORDER BY metric_value) - 1 AS place
    FROM ${engine.table(TABLE)}) AS d WHERE ${join(wanted, sql` OR `)}`;
}

function rankKey(row: Row, place: number): string {
  return JSON.stringify([row.day, row.master, row.metric_name, place]);
}

function metricRow(row: Row, valueAt: (place: number) => number | undefined): MetricRow {
  const count = Number(row.n);
  const exact = row.exact === null || row.exact === undefined ? null : unitsOf(String(row.exact));
  const approximate = Number(row.approximate);
  return {
    day: String(row.day),
    master: String(row.master),
    name: String(row.metric_name),
    count,
    sum: exact === null ? approximate : numberOf(exact),
    avg: exact === null ? approximate / count : meanOf(exact, count),
    min: Number(row.least),
    max: Number(row.greatest),
    p50: percentile(50, count, valueAt),
    p95: percentile(95, count, valueAt),
    first: String(row.earliest),
    last: String(row.latest),
  };
}

/** Linear interpolation between closest ranks, R's type 7 (Hyndman and Fan 1996). */
function percentile(percent: number, count: number, valueAt: (place: number) => number | undefined): number {
  const place = percent * (count - 1);
  const index = Math.floor(place / 100);
  const low = valueAt(index);
  if (low === undefined) throw new TypeError(`the value at place ${index} is missing`);
  const high = valueAt(index + 1) ?? low;
  const hundredths = place % 100;
  return hundredths === 0 ? low : (low * (100 - hundredths) + high * hundredths) / 100;
}
