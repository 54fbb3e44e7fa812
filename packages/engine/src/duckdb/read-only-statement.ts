import type { DuckDBConnection, DuckDBPreparedStatement } from "@duckdb/node-api";
import { EngineError } from "../errors.ts";
import { quoteValue } from "./literal.ts";
import { refused } from "./read-only-failure.ts";

/**
 * The table functions that a query may use: they read files that are allowed, or nothing. Others change how DuckDB runs
 * (`enable_logging` writes files), or run SQL given as text, which is not checked.
 */
const TABLE_FUNCTIONS = new Set([
  "duckdb_columns",
  "duckdb_functions",
  "duckdb_keywords",
  "duckdb_tables",
  "duckdb_types",
  "duckdb_views",
  "generate_series",
  "histogram",
  "histogram_values",
  "json_each",
  "json_tree",
  "parquet_file_metadata",
  "parquet_metadata",
  "parquet_scan",
  "parquet_schema",
  "pragma_table_info",
  "pragma_version",
  "query_table",
  "range",
  "read_csv",
  "read_csv_auto",
  "read_json",
  "read_json_auto",
  "read_json_objects",
  "read_ndjson",
  "read_ndjson_auto",
  "read_ndjson_objects",
  "read_parquet",
  "read_text",
  "repeat",
  "repeat_row",
  "unnest",
]);

/** Functions of one value that do more than compute it. */
const FORBIDDEN_FUNCTIONS = new Set(["write_log", "json_execute_serialized_sql"]);

const ONE_SELECT = "expected one SELECT statement (or FROM, VALUES, WITH, DESCRIBE, SUMMARIZE, SHOW TABLES)";

/**
 * Prepares a query, after making sure that all it does is read: that DuckDB takes it for one SELECT statement and that it
 * calls no function with an effect, found out from DuckDB's own syntax tree.
 *
 * @throws EngineError QUERY_REFUSED
 * @throws Error as DuckDB has it, for a mistake in the query
 */
export async function prepareSelect(
  duckdb: typeof import("@duckdb/node-api"),
  connection: DuckDBConnection,
  text: string,
): Promise<DuckDBPreparedStatement> {
  if (text.includes("\0")) throw refused("it holds the character U+0000.", { statement: text });
  const statements = await extract(connection, text);
  if (statements?.count !== 1) throw refused(`${ONE_SELECT}, found ${statements?.count ?? 0}.`, { statement: text });
  await checkFunctions(connection, text);
  const statement = await statements.prepare(0);
  const { SELECT } = duckdb.StatementType;
  if (statement.statementType !== SELECT) {
    const found = duckdb.StatementType[statement.statementType];
    statement.destroySync();
    throw refused(`${ONE_SELECT}, found ${found}.`, { statement: text });
  }
  if (statement.parameterCount > 0) {
    statement.destroySync();
    throw new EngineError("QUERY_INVALID", "The query has parameters ($1, ?); write the values into it.", {
      statement: text,
    });
  }
  return statement;
}

/** Null for a text without any statement. */
async function extract(connection: DuckDBConnection, text: string) {
  try {
    return await connection.extractStatements(text);
  } catch (cause) {
    if (cause instanceof Error && cause.message === "Error in native callback") return null;
    throw cause;
  }
}

async function checkFunctions(connection: DuckDBConnection, text: string): Promise<void> {
  const reader = await connection.runAndReadAll(`SELECT json_serialize_sql(CAST(${quoteValue(text)} AS VARCHAR))`);
  const tree: unknown = JSON.parse(String(reader.getRows()[0]?.[0]));
  if (isRecord(tree) && tree.error === true) throw refused(`${ONE_SELECT}, found another one.`, { statement: text });
  for (const call of calls(tree)) {
    const name = call.name.toLowerCase();
    const allowed = call.table ? TABLE_FUNCTIONS.has(name) : !FORBIDDEN_FUNCTIONS.has(name);
    if (!allowed) throw refused(`it calls ${name}, which is not there for queries.`, { statement: text });
  }
}

interface Call {
  readonly name: string;
  readonly table: boolean;
}

/** All calls of functions in a syntax tree, without recursion: a query may be nested deeply. */
function* calls(tree: unknown): Generator<Call> {
  const rest: { readonly node: unknown; readonly table: boolean }[] = [{ node: tree, table: false }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { node, table } = next;
    if (Array.isArray(node)) for (const item of node) rest.push({ node: item, table: false });
    else if (isRecord(node)) {
      if (typeof node.function_name === "string") yield { name: node.function_name, table };
      for (const [key, value] of Object.entries(node)) {
        rest.push({ node: value, table: node.type === "TABLE_FUNCTION" && key === "function" });
      }
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
