import { identifier, join, type Sql, sql } from "@medallion/engine";
import { partitionFiles } from "@medallion/lake";
import { silverPath } from "@medallion/lake/layout";
import type { Computed, Dataset } from "@medallion/schema";
import { type ColumnType, columnType, fieldTypes } from "@medallion/schema/contract";
import { parseExpression } from "@medallion/schema/expression";
import { partitionsOf } from "@medallion/silver";
import { filesThere, inRange, type LakeView } from "./view.ts";

const TYPES: Readonly<Record<ColumnType, Sql>> = {
  text: sql`VARCHAR`,
  json: sql`JSON`,
  instant: sql`TIMESTAMPTZ`,
  integer: sql`BIGINT`,
  double: sql`DOUBLE`,
  boolean: sql`BOOLEAN`,
};

const COMPUTED = {
  equals: "boolean",
  present: "boolean",
  secondsBetween: "double",
  recordDigest: "text",
} as const satisfies Readonly<Record<Exclude<Computed["kind"], "expression">, ColumnType>>;

const PATH_COLUMN = "medallion.path";

/** `silver_<data set>`: the rows of all days, with the column `day` (`partition_day` where the data set has a `day`). */
export function silverView(dataset: Dataset): LakeView {
  return {
    name: `silver_${dataset.name}`,
    layer: "silver",
    async open(source) {
      const partitions = partitionsOf(source.state, dataset)
        .filter(({ day, rows }) => rows > 0 && inRange(source, day, day))
        .sort((a, b) => (a.day < b.day ? -1 : 1));
      const files: string[] = [];
      for (const { day } of partitions) {
        const paths = partitionFiles(source.state, dataset.folders.silver, day, "parquet");
        const there = await filesThere(source.lake, paths);
        // Some of its parts would look like all of a day.
        if (there.length === paths.length) files.push(...there.map(({ absolute }) => absolute));
      }
      const first = partitions.map(({ day }) => silverPath(dataset.folders.silver, day, "parquet"));
      return { files, partitions: new Set(first), query: () => silverQuery(dataset, files) };
    },
  };
}

/** The rows of silver files, as a query. Mixed and nested values, which the files hold as text, are of the type JSON. */
function silverQuery(dataset: Dataset, files: readonly string[]): Sql {
  const columns = silverTypes(dataset);
  const day = columns.some(([name]) => name.toLowerCase() === "day") ? "partition_day" : "day";
  const empty = sql`SELECT ${join([...columns, [day, "text"] as const].map(([name, type]) => sql`CAST(NULL AS ${type === "json" ? TYPES.text : TYPES[type]}) AS ${identifier(name)}`))} WHERE false`;
  const list = join(files.map((file) => sql`${file}`));
  const path = identifier(PATH_COLUMN);
  const rows = sql`${empty} UNION ALL BY NAME
    SELECT * EXCLUDE (${path}), regexp_extract(${path}, '([0-9]{8})(?:-[0-9]+)?[.]parquet$', 1) AS ${identifier(day)}
    FROM read_parquet([${list}], union_by_name = true, filename = ${PATH_COLUMN})`;
  const json = columns.filter(([, type]) => type === "json").map(([name]) => jsonColumn(identifier(name)));
  return sql`SELECT * REPLACE (${join(json)}) FROM (${files.length === 0 ? empty : rows})`;
}

/** Text with half a surrogate pair, which silver keeps, is no JSON for the engine; it comes as a string. */
function jsonColumn(column: Sql): Sql {
  return sql`coalesce(TRY_CAST(${column} AS JSON), to_json(CAST(${column} AS VARCHAR))) AS ${column}`;
}

function computedType(dataset: Dataset, computed: Computed): ColumnType {
  if (computed.kind !== "expression") return COMPUTED[computed.kind];
  const { type } = parseExpression(computed.text, fieldTypes(dataset.fields));
  return type === "number" ? "double" : type;
}

function silverTypes(dataset: Dataset): (readonly [string, ColumnType])[] {
  return [
    ...dataset.fields.map(({ name, check }) => [name, columnType(check)] as const),
    ...Object.entries(dataset.computed).map(([name, computed]) => [name, computedType(dataset, computed)] as const),
    ["ingested_at", "instant"],
    ["source_file", "text"],
    ["processed_at", "instant"],
    ["_rescued_data", "json"],
  ];
}
