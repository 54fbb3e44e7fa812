import { any, type Engine, identifier, join, type ParquetSource, type Row, sql } from "@medallion/engine";
import type { Day } from "@medallion/lake/time";
import { type Dataset, TASK_STATUSES } from "@medallion/schema";
import { dayAfter } from "./days.ts";
import type { QualityDataset } from "./partitions.ts";

/** A clock may be ahead by so many microseconds. */
const CLOCK_TOLERANCE = 5n * 60n * 1_000_000n;
/** Tasks are looked for so many days before an event, and on the day after it. */
const DAYS_BEFORE = 7;

const day = identifier("partition");

/** What the rows of a day say as a whole. */
export interface DayRows {
  /** The latest time, in microseconds; of a row whose clock is ahead that of its ingestion. */
  readonly newest: bigint | null;
  readonly ahead: number;
  /** How many rows have a value in the fields that may be taken from several names. */
  readonly filled: ReadonlyMap<string, number>;
}

/** The optional fields that are taken from one of several names. */
export function mixedFields({ fields }: Dataset): string[] {
  return fields.filter(({ required, sources }) => !required && sources.length > 1).map(({ name }) => name);
}

/** Summarises the rows of a data set by day, in one pass over few columns. */
export async function dayRows(
  engine: Engine,
  dataset: Dataset,
  sources: readonly ParquetSource[],
): Promise<Map<Day, DayRows>> {
  if (sources.length === 0) return new Map();
  const { dialect } = engine;
  const [time, ingested] = [dialect.micros(identifier(dataset.time)), dialect.micros(identifier("ingested_at"))];
  const fields = mixedFields(dataset);
  const filled = fields.map((name, index) => sql`, count(${identifier(name)}) AS ${identifier(`filled ${index}`)}`);
  const rows = await engine.rows(
    sql`SELECT ${day} AS day, max(least(${time}, ${ingested})) AS newest,
      count(CASE WHEN ${time} - ${ingested} > ${CLOCK_TOLERANCE} THEN 1 END) AS ahead${join(filled, sql``)}
      FROM ${engine.parquet(sources)} AS p GROUP BY ${day}`,
  );
  return new Map(
    rows.map((row) => [
      String(row.day),
      {
        newest: row.newest === null || row.newest === undefined ? null : BigInt(String(row.newest)),
        ahead: Number(row.ahead),
        filled: new Map(fields.map((name, index) => [name, Number(row[`filled ${index}`])])),
      },
    ]),
  );
}

/** Rows of tasks by day and master. */
export async function masterRows(
  engine: Engine,
  sources: readonly ParquetSource[],
): Promise<Map<Day, Map<string, number>>> {
  const masters = new Map<Day, Map<string, number>>();
  if (sources.length === 0) return masters;
  const rows = await engine.rows(
    sql`SELECT ${day} AS day, master, count(*) AS n FROM ${engine.parquet(sources)} AS p
      WHERE master IS NOT NULL GROUP BY ${day}, master`,
  );
  for (const row of rows) {
    const ofDay = masters.get(String(row.day)) ?? new Map<string, number>();
    masters.set(String(row.day), ofDay.set(String(row.master), Number(row.n)));
  }
  return masters;
}

/** By day, the tasks that had come to an end and were then in an earlier state. */
export async function backwardsTasks(engine: Engine, sources: readonly ParquetSource[]): Promise<Map<Day, number>> {
  if (sources.length === 0) return new Map();
  const time = engine.dialect.micros(identifier("timestamp"));
  const ended = any(["is_success", "is_failure", "is_cancelled"].map((name) => identifier(name)));
  const open = TASK_STATUSES.filter((status) => !["completed", "failed", "cancelled", "canceled"].includes(status));
  const isOpen = sql`status IN (${join(open.map((status) => sql`${status}`))})`;
  const times = sql`SELECT ${day} AS day, task_id, min(CASE WHEN ${ended} THEN ${time} END) AS ended_at,
    max(CASE WHEN ${isOpen} THEN ${time} END) AS open_at FROM ${engine.parquet(sources)} AS p GROUP BY ${day}, task_id`;
  const rows = await engine.rows(
    sql`SELECT day, count(*) AS n FROM (${times}) AS t WHERE open_at > ended_at GROUP BY day`,
  );
  return new Map(rows.map((row) => [String(row.day), Number(row.n)]));
}

/** The tasks that rows of a day name and that no task near it has; null where there are no tasks near it. */
export async function unknownTasks(
  engine: Engine,
  of: Day,
  tasks: QualityDataset | undefined,
  naming: readonly QualityDataset[],
): Promise<number | null> {
  const sources = naming.flatMap(({ partitions }) => sourcesOf(partitions.get(of)?.paths ?? [], of));
  const [from, to] = [dayAfter(of, -DAYS_BEFORE) ?? of, dayAfter(of, 1) ?? of];
  const near = [...(tasks?.partitions.values() ?? [])]
    .filter((item) => item.day >= from && item.day <= to)
    .flatMap((item) => sourcesOf(item.paths, item.day));
  if (sources.length === 0 || near.length === 0) return null;
  const named = join(
    naming.flatMap(({ partitions }) => {
      const own = sourcesOf(partitions.get(of)?.paths ?? [], of);
      return own.length === 0 ? [] : [sql`SELECT task_id FROM ${engine.parquet(own)} AS p WHERE task_id IS NOT NULL`];
    }),
    sql` UNION `,
  );
  const known = sql`SELECT 1 FROM ${engine.parquet(near)} AS t WHERE t.task_id = n.task_id`;
  const [row] = await engine.rows(sql`SELECT count(*) AS n FROM (${named}) AS n WHERE NOT EXISTS (${known})`);
  return numberOf(row);
}

function numberOf(row: Row | undefined): number {
  return Number(row?.n ?? 0);
}

function sourcesOf(paths: readonly string[], partition: Day): ParquetSource[] {
  return paths.map((path) => ({ path, partition }));
}
