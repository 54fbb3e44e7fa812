import type { DuckDBType, DuckDBValue } from "@duckdb/node-api";

/** A number in its exact spelling, which no JavaScript number may have. */
export interface ExactNumber {
  readonly kind: "number";
  readonly text: string;
}

/** A value of the type JSON: its text, as it stands. */
export interface JsonText {
  readonly kind: "json";
  readonly text: string;
}

/**
 * A value of a query's result. Whole numbers are `number` where they are safe and `bigint` where not; decimals are exact
 * numbers. Times are ISO 8601 text, those with a time zone in UTC with `Z`. A struct, or a map, is a Map by its members'
 * names. A number that JSON cannot say is one of the strings `NaN`, `Infinity` and `-Infinity`. What is none of these is
 * the text that DuckDB prints.
 */
export type QueryValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | ExactNumber
  | JsonText
  | readonly QueryValue[]
  | ReadonlyMap<string, QueryValue>;

type DuckDb = typeof import("@duckdb/node-api");
type Convert = (value: DuckDBValue) => QueryValue;

/** Prepares the conversion of the values of a column. */
export function converterOf(duckdb: DuckDb, type: DuckDBType): Convert {
  const convert = presentConverter(duckdb, type);
  return (value) => (value === null ? null : convert(value));
}

function presentConverter(duckdb: DuckDb, type: DuckDBType): Convert {
  if (type.alias === "JSON") return (value) => ({ kind: "json", text: String(value) });
  if (type instanceof duckdb.DuckDBListType || type instanceof duckdb.DuckDBArrayType) {
    const convert = converterOf(duckdb, type.valueType);
    return (value) =>
      value instanceof duckdb.DuckDBListValue || value instanceof duckdb.DuckDBArrayValue
        ? value.items.map(convert)
        : String(value);
  }
  if (type instanceof duckdb.DuckDBStructType) {
    const converters = type.entryTypes.map((entryType) => converterOf(duckdb, entryType));
    return (value) => {
      if (!(value instanceof duckdb.DuckDBStructValue)) return String(value);
      const { entries } = value;
      return new Map(type.entryNames.map((name, index) => [name, converters[index]?.(entries[name] ?? null) ?? null]));
    };
  }
  if (type instanceof duckdb.DuckDBMapType) {
    const [toKey, convert] = [converterOf(duckdb, type.keyType), converterOf(duckdb, type.valueType)];
    return (value) =>
      value instanceof duckdb.DuckDBMapValue
        ? new Map(value.entries.map((entry) => [keyText(toKey(entry.key), entry.key), convert(entry.value)]))
        : String(value);
  }
  if (type instanceof duckdb.DuckDBTimestampTZType) {
    return (value) => (value instanceof duckdb.DuckDBTimestampTZValue ? instantText(value) : String(value));
  }
  if (type instanceof duckdb.DuckDBDecimalType) return (value) => ({ kind: "number", text: String(value) });
  if (type instanceof duckdb.DuckDBFloatType) {
    return (value) => (typeof value === "number" ? doubleOf(shortest(value)) : String(value));
  }
  return type.typeId === duckdb.DuckDBTypeId.TIMESTAMP ||
    type.typeId === duckdb.DuckDBTypeId.TIMESTAMP_S ||
    type.typeId === duckdb.DuckDBTypeId.TIMESTAMP_MS ||
    type.typeId === duckdb.DuckDBTypeId.TIMESTAMP_NS
    ? (value) => String(value).replace(" ", "T")
    : scalar;
}

function scalar(value: DuckDBValue): QueryValue {
  switch (typeof value) {
    case "bigint":
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
    case "number":
      return doubleOf(value);
    case "boolean":
    case "string":
      return value;
    default:
      return String(value);
  }
}

function doubleOf(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** The shortest number that is the same 32-bit float: 3.4, not 3.4000000953674316. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits += 1) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

/** DuckDB's own text would be in the zone of the machine, without saying so. */
function instantText(value: { readonly micros: bigint; readonly isFinite: boolean }): string {
  if (!value.isFinite) return value.micros > 0n ? "infinity" : "-infinity";
  const rest = ((value.micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((value.micros - rest) / 1000n));
  if (Number.isNaN(seconds.getTime())) return String(value);
  return `${seconds.toISOString().slice(0, -5)}.${String(rest).padStart(6, "0")}Z`;
}

function keyText(key: QueryValue, value: DuckDBValue): string {
  return typeof key === "string" ? key : String(value);
}
