import type { PartitionedWrite } from "../engine.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";

/** The column by which a partitioned write makes its folders: the partition's place in the list of those that are written. */
export const PLACE = "medallion_place";

/**
 * The bytes of text that a part holds at most, but for what a sample of the order misjudges. So much is sorted in the memory
 * of one task, and written in less than a minute; larger parts would keep a few tasks busy while the others wait, smaller
 * ones make files that take longer to open than to read.
 */
export const PART_BYTES = 512 * 1024 * 1024;

/** A partition, and how much is to be written of it. */
export interface SizedPartition {
  readonly partition: string;
  /** From 1. */
  readonly place: number;
  readonly rows: number;
  /** In how many parts it is to be written. */
  readonly parts: number;
}

/** How many rows each partition has, and how many bytes their values have as text: (place, n, bytes). */
export function sizesQuery(write: PartitionedWrite): Sql {
  const text = sql`concat_ws('', ${join(write.columns.map((name) => sql`CAST(${identifier(name)} AS STRING)`))})`;
  return sql`SELECT ${identifier(PLACE)} AS place, count(*) AS n, coalesce(sum(octet_length(${text}) + 1), 0) AS bytes
    FROM (${placedRows(write, null)}) GROUP BY 1`;
}

/**
 * The rows of partitions in their order, with the place of their partition: all rows of a partition come to one task, or, where
 * some are to be divided, as many tasks as there are parts get a range of the order each. Rows that the order does not tell
 * apart come to one task.
 */
export function partitionedRows(write: PartitionedWrite, partitions: readonly SizedPartition[]): Sql {
  const parts = partitions.reduce((sum, partition) => sum + partition.parts, 0);
  const isDivided = parts > partitions.length;
  const keys = join([PLACE, ...write.orderBy].map(identifier));
  const order = join([PLACE, ...write.orderBy].map((column) => sql`${identifier(column)} ASC NULLS FIRST`));
  const rows = placedRows(
    write,
    partitions.map(({ place }) => place),
  );
  const spread = isDivided
    ? sql`SELECT /*+ REPARTITION_BY_RANGE(${parts}, ${keys}) */ * FROM (${rows})`
    : sql`SELECT * FROM (${rows}) DISTRIBUTE BY ${identifier(PLACE)}`;
  return sql`SELECT ${join([...write.columns, PLACE].map(identifier))} FROM (
    SELECT * FROM (${spread}) SORT BY ${order})`;
}

/** The rows of some partitions, or of all that are written, with their place. */
function placedRows(write: PartitionedWrite, places: readonly number[] | null): Sql {
  const partitions = join(write.partitions.map((partition) => sql`${partition}`));
  const place = sql`CAST(array_position(array(${partitions}), ${identifier(write.partitionBy)}) AS INT)`;
  const isWritten =
    places === null || places.length === write.partitions.length
      ? sql`${identifier(PLACE)} > 0`
      : sql`${identifier(PLACE)} IN (${join(places.map((number) => sql`${number}`))})`;
  return sql`SELECT * FROM (SELECT *, ${place} AS ${identifier(PLACE)} FROM ${write.rows}) WHERE ${isWritten}`;
}

/** The number of the task that has written a file. */
export function taskOfFile(name: string): number {
  return Number(/^part-([0-9]+)-/.exec(name)?.[1]);
}
