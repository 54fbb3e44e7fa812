import { type Sql, sql } from "@medallion/engine";

/** From here on every double is a whole number. */
const WHOLE_FROM = 2 ** 53;

/** A double, or null when it is infinite or none. Engines order NaN above infinity or compare it with nothing. */
export function finite(number: Sql): Sql {
  return sql`CASE WHEN abs(${number}) <= CAST(${Number.MAX_VALUE} AS DOUBLE) THEN ${number} END`;
}

/**
 * Half away from zero at so many decimal places, as doubles have it. Where 10^digits would leave the whole numbers that
 * doubles can tell apart, there is nothing to round.
 */
export function rounded(number: Sql, digits: number): Sql {
  const scale = sql`CAST(${10 ** digits} AS DOUBLE)`;
  return sql`CASE WHEN abs(${number}) * ${scale} < ${WHOLE} THEN round(${number} * ${scale}) / ${scale} ELSE ${number} END`;
}

/** The whole number below or above. Spark's `floor` gives a 64-bit integer, which large doubles would not fit. */
export function whole(name: "floor" | "ceil", number: Sql): Sql {
  const found = name === "floor" ? sql`floor(${number})` : sql`ceil(${number})`;
  return sql`CASE WHEN abs(${number}) < ${WHOLE} THEN CAST(${found} AS DOUBLE) ELSE ${number} END`;
}

const WHOLE = sql`CAST(${WHOLE_FROM} AS DOUBLE)`;
