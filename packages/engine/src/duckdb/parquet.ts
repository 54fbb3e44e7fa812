import type { ParquetSource } from "../engine.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";

const PATH_COLUMN = "medallion.path";

/** The rows of Parquet files, with the column `partition`. One scan over all files costs far less than one for each. */
export function readParquet(sources: readonly ParquetSource[]): Sql {
  const [first, second] = sources;
  if (first !== undefined && second === undefined) {
    return sql`(SELECT *, ${first.partition} AS ${identifier("partition")} FROM read_parquet(${first.path}))`;
  }
  const path = identifier(PATH_COLUMN);
  const paths = join(sources.map((source) => sql`${source.path}`));
  const partitions = sources.map(({ path: file, partition }) => sql`WHEN ${file} THEN ${partition}`);
  return sql`(SELECT * EXCLUDE (${path}), CASE ${path} ${join(partitions, sql` `)} END AS ${identifier("partition")}
    FROM read_parquet([${paths}], union_by_name = true, filename = ${PATH_COLUMN}))`;
}
