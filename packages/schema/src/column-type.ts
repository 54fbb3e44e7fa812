/** The kind of column that a field becomes in Parquet and in SQL. */
export type ColumnType = "text" | "instant" | "integer" | "double" | "boolean" | "json";
