import { type Engine, identifier, join, type ParquetSource, type Sql, sql } from "@medallion/engine";

/** The columns that split tasks, and the name of what has no value. */
const DIMENSIONS = { master: "unassigned", status: "unknown", priority: "unknown", type: "unknown" } as const;
const STATE_COLUMNS = ["task_id", "is_success", "is_failure", "is_cancelled"] as const;
const REPEATED = "medallion_repeated";
const STATES = "medallion_states";
const SEEN = "medallion_seen";
/** The last day of every task that was seen more than once: (task_id, last_day). */
export const LAST_DAYS = "medallion_last_days";
/** Tables that `latestStates` keeps in the engine. */
export const LATEST_TABLES = [REPEATED, STATES, SEEN, LAST_DAYS] as const;

/** Tasks in one state each, as relations of `day`, `task_id`, the columns of a tally and those that split tasks. */
export interface LatestStates {
  /** Every task of a day in its latest state of that day; `is_last` says whether that is the latest of all days. */
  readonly ofDay: Sql;
  /** Every task in its latest state of all days. */
  readonly ofAll: Sql;
}

/**
 * The latest states of tasks in silver. Of two states on different days that of the later day is the later one; on one
 * day that with the later timestamp, which no other row of the task has.
 *
 * Most tasks have one row. Only those with more are looked at closer, so that one hash aggregate of the ids is all that
 * grows with the rows; where there are none, nothing is joined.
 * @param options.sightings a relation (day, task_id) of days without silver on which tasks of `sources` were seen, too
 * @param options.columns further columns of silver that the relations are to have
 */
export async function latestStates(
  engine: Engine,
  sources: readonly ParquetSource[],
  options: { readonly sightings?: Sql; readonly columns?: readonly string[] } = {},
): Promise<LatestStates> {
  const { sightings, columns = [] } = options;
  const rows = silverStates(engine, sources, columns);
  const [day, at] = [identifier("day"), identifier("at")];
  const seenAgain = sightings === undefined ? sql`` : sql` UNION SELECT task_id FROM ${sightings} AS a`;
  await engine.materialize(
    REPEATED,
    sql`SELECT task_id FROM ${rows} AS r GROUP BY task_id HAVING count(*) > 1${seenAgain}`,
  );
  const [repeated] = await engine.rows(sql`SELECT count(*) AS n FROM ${engine.table(REPEATED)} AS t`);
  if (sightings === undefined && Number(repeated?.n) === 0)
    return latestOf(sql`(SELECT r.*, true AS is_last FROM ${rows} AS r)`);
  await engine.materialize(
    STATES,
    sql`SELECT ${day}, task_id, max(${at}) AS ${at} FROM ${rows} AS r
      WHERE task_id IN (SELECT task_id FROM ${engine.table(REPEATED)} AS t) GROUP BY ${day}, task_id`,
  );
  const states = sql`SELECT ${day}, task_id FROM ${engine.table(STATES)} AS s`;
  const all = sightings === undefined ? states : sql`${states} UNION ALL SELECT ${day}, task_id FROM ${sightings} AS a`;
  await engine.materialize(LAST_DAYS, sql`SELECT task_id, max(${day}) AS last_day FROM (${all}) AS d GROUP BY task_id`);
  await engine.materialize(
    SEEN,
    sql`SELECT s.${day}, s.task_id, s.${at}, s.${day} = l.last_day AS is_last
      FROM ${engine.table(STATES)} AS s JOIN ${engine.table(LAST_DAYS)} AS l ON s.task_id = l.task_id`,
  );
  return latestOf(sql`(SELECT r.*, coalesce(s.is_last, true) AS is_last FROM ${rows} AS r
    LEFT JOIN ${engine.table(SEEN)} AS s ON r.task_id = s.task_id AND r.${day} = s.${day}
    WHERE s.task_id IS NULL OR r.${at} = s.${at})`);
}

function latestOf(ofDay: Sql): LatestStates {
  return { ofDay, ofAll: sql`(SELECT * FROM ${ofDay} AS l WHERE is_last)` };
}

/** All rows of silver files, with the columns of `LatestStates` and `at`, their timestamp. */
export function silverStates(engine: Engine, sources: readonly ParquetSource[], more: readonly string[] = []): Sql {
  const named = namedDimensions().map(([name, value]) => sql`${value} AS ${identifier(name)}`);
  const others = [...STATE_COLUMNS, ...more].map((name) => identifier(name));
  const micros = engine.dialect.microsOfSeconds(identifier("duration_seconds"));
  return sql`(SELECT ${identifier("partition")} AS ${identifier("day")}, ${identifier("timestamp")} AS ${identifier("at")},
    ${join([...others, ...named])}, ${micros} AS micros FROM ${engine.parquet(sources)} AS p)`;
}

/** The values of the columns that split tasks, each with a name for what has none. */
export function namedDimensions(): (readonly [name: string, value: Sql])[] {
  return Object.entries(DIMENSIONS).map(
    ([name, missing]) => [name, sql`coalesce(${identifier(name)}, ${missing})`] as const,
  );
}
