import { type Sql, sql } from "../../sql/sql.ts";
import { bind } from "./let.ts";

const MICROS_OF_DAY = 86_400_000_000n;
const OFFSET = "(?:Z|[+-][0-9:]++)\\z";

/** ISO 8601 text as an instant; null when the date does not exist. */
export function isoInstant(text: Sql): Sql {
  return sql`CASE WHEN ${text} RLIKE ${OFFSET} THEN try_to_timestamp(${text}) ELSE ${localInstant(text)} END`;
}

/** As `isoInstant`, in a session whose zone is UTC: no time is shown twice there, and statements stay short. */
export function isoInstantInUtc(text: Sql): Sql {
  return sql`try_to_timestamp(${text})`;
}

/**
 * Text without an offset, in the session's zone. A time that clocks show twice is the later one; Spark takes the
 * earlier, whose offset is greater than that of a day later.
 */
function localInstant(text: Sql): Sql {
  return bind("local", sql`named_struct('at', try_to_timestamp(${text}), 'shown', ${shownMicros(text)})`, (local) => {
    const first = sql`unix_micros(${local}.at)`;
    const after = sql`timestamp_micros(${first} + ${MICROS_OF_DAY})`;
    const offset = (instant: Sql) => sql`${shownMicros(sql`CAST(${instant} AS STRING)`)} - unix_micros(${instant})`;
    return bind("later", sql`${local}.shown - (${offset(after)})`, (later) => {
      const instant = sql`timestamp_micros(${later})`;
      const isShownTwice = sql`${later} > ${first} AND ${shownMicros(sql`CAST(${instant} AS STRING)`)} = ${local}.shown`;
      return sql`CASE WHEN coalesce(${isShownTwice}, false) THEN ${instant} ELSE ${local}.at END`;
    });
  });
}

/** A local time as microseconds, as if its zone were UTC. */
function shownMicros(text: Sql): Sql {
  return sql`unix_micros(try_to_timestamp(${text} || 'Z'))`;
}

/** An instant as `YYYY-MM-DDThh:mm:ss.ffffffZ`, whatever the session's zone. */
export function instantText(instant: Sql): Sql {
  const micros = sql`unix_micros(${instant})`;
  const ofDay = sql`pmod(${micros}, ${MICROS_OF_DAY})`;
  const day = sql`CAST(date_from_unix_date(CAST((${micros} - ${ofDay}) div ${MICROS_OF_DAY} AS INT)) AS STRING)`;
  const two = (value: Sql) => sql`lpad(CAST(${value} AS STRING), 2, '0')`;
  return sql`concat(${day}, 'T', ${two(sql`${ofDay} div 3600000000`)}, ':', ${two(sql`${ofDay} div 60000000 % 60`)}, ':',
    ${two(sql`${ofDay} div 1000000 % 60`)}, '.', lpad(CAST(${ofDay} % 1000000 AS STRING), 6, '0'), 'Z')`;
}

/** The calendar date of an instant in the session's time zone, as `YYYYMMDD`. */
export function day(instant: Sql): Sql {
  return sql`translate(CAST(CAST(${instant} AS DATE) AS STRING), '+-', '')`;
}
