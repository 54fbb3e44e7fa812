import type { ParquetSource } from "../engine.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";

const PATH_COLUMN = "medallion.path";
const ASCII = /^[\x20-\x7e]*$/;

/** The rows of Parquet files, with the column `partition`. One scan over all files costs far less than one for each. */
export function readParquet(sources: readonly ParquetSource[]): Sql {
  const [first, second] = sources;
  if (first !== undefined && second === undefined) {
    return sql`(SELECT *, ${first.partition} AS ${identifier("partition")} FROM read_parquet(${first.path}))`;
  }
  const path = identifier(PATH_COLUMN);
  const paths = join(sources.map((source) => sql`${source.path}`));
  return sql`(SELECT * EXCLUDE (${path}), ${partitionOf(path, sources)} AS ${identifier("partition")}
    FROM read_parquet([${paths}], union_by_name = true, filename = ${PATH_COLUMN}))`;
}

/**
 * The partition of a path. Where it stands at one place in all of them, counted from the end (staged files) or from the start (parts of
 * partitions), it is cut out; to compare every row's path with all of them takes as long as to read its columns.
 */
function partitionOf(path: Sql, sources: readonly ParquetSource[]): Sql {
  const [{ path: first, partition } = { path: "", partition: "" }] = sources;
  const fromEnd = first.length - first.lastIndexOf(partition);
  const isCut = ({ path: file, partition: own }: ParquetSource) =>
    own.length === partition.length && ASCII.test(file.slice(-fromEnd)) && file.slice(-fromEnd).startsWith(own);
  if (partition !== "" && sources.every(isCut)) return sql`substring(${path}, ${-fromEnd}, ${partition.length})`;
  const start = first.lastIndexOf(partition);
  const isAtStart = ({ path: file, partition: own }: ParquetSource) =>
    own.length === partition.length && ASCII.test(file.slice(0, start)) && file.startsWith(own, start);
  if (partition !== "" && start >= 0 && sources.every(isAtStart)) {
    return sql`substring(${path}, ${start + 1}, ${partition.length})`;
  }
  const known = sources.map(({ path: file, partition: own }) => sql`WHEN ${file} THEN ${own}`);
  return sql`CASE ${path} ${join(known, sql` `)} END`;
}
