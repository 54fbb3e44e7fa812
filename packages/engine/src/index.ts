export type { Dialect, JsonKind, JsonPath } from "./dialect.ts";
export { duckDbDialect } from "./duckdb/dialect.ts";
export { openDuckDb } from "./duckdb/engine.ts";
export {
  openReadOnlyDuckDb,
  type QueryColumn,
  type QueryRows,
  type ReadOnlyEngine,
  type ReadOnlyOptions,
} from "./duckdb/read-only.ts";
export type { ExactNumber, JsonText, QueryValue } from "./duckdb/read-only-values.ts";
export type { DuckDbOptions } from "./duckdb/settings.ts";
export type { Engine, LineOptions, LineSource, ParquetSource, PartitionedWrite, Row } from "./engine.ts";
export { EngineError, type EngineErrorCode } from "./errors.ts";
export { all, any, identifier, join, Sql, type SqlPart, type SqlValue, sql } from "./sql/sql.ts";
