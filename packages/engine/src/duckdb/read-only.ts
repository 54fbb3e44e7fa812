import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement, DuckDBResult } from "@duckdb/node-api";
import type { Dialect } from "../dialect.ts";
import type { LineSource } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";
import { duckDbDialect } from "./dialect.ts";
import { loadDuckDb } from "./engine.ts";
import { readLines } from "./lines.ts";
import { interrupted, queryFailure } from "./read-only-failure.ts";
import { prepareSelect } from "./read-only-statement.ts";
import { converterOf, type QueryValue } from "./read-only-values.ts";
import { type DuckDbOptions, duckDbSettings } from "./settings.ts";

/** How an engine for queries is to run. */
export interface ReadOnlyOptions extends Omit<DuckDbOptions, "folders" | "keepsOrder"> {
  /** The only files that queries can read. Absolute paths. */
  readonly files: readonly string[];
}

/** A column of a result. */
export interface QueryColumn {
  readonly name: string;
  /** The name of its SQL type, such as `BIGINT` or `STRUCT(a VARCHAR)[]`. */
  readonly type: string;
}

/** The rows of a query, which are computed as they are taken. */
export interface QueryRows {
  readonly columns: readonly QueryColumn[];
  /**
   * The rows in order, some at a time. Once.
   * @throws EngineError as `query`
   */
  batches(): AsyncGenerator<QueryValue[][], void, undefined>;
}

/** An engine for queries that someone else wrote: it reads the given files and changes nothing. */
export interface ReadOnlyEngine {
  readonly dialect: Dialect;
  /** Gives a relation a name by which queries can use it. */
  define(view: string, query: Sql): Promise<void>;
  /** The lines of files as text, as a relation (line, file). */
  lines(sources: readonly LineSource[], maxLineBytes: number): Sql;
  /**
   * Starts a query in the engine's own SQL.
   * @throws EngineError QUERY_INVALID for a mistake, with its place; QUERY_REFUSED for all but one SELECT statement and for
   *   what would read another file or have an effect; OUT_OF_MEMORY, OUT_OF_DISK, INTERRUPTED, STATEMENT_FAILED
   */
  query(text: string): Promise<QueryRows>;
  /** Starts a query of ours. */
  stream(query: Sql): Promise<QueryRows>;
  /** Stops the running query, which then fails with INTERRUPTED, and all later ones. */
  interrupt(): void;
  close(): Promise<void>;
}

/**
 * Starts DuckDB inside this process for queries: no file but the given ones, no writing, no network, no extensions, no
 * settings.
 *
 * @throws EngineError ENGINE_UNAVAILABLE, ENGINE_OPTION_INVALID
 */
export async function openReadOnlyDuckDb(options: ReadOnlyOptions): Promise<ReadOnlyEngine> {
  const duckdb = await loadDuckDb();
  const settings = duckDbSettings({ ...options, folders: [], keepsOrder: true });
  let instance: DuckDBInstance;
  try {
    instance = await duckdb.DuckDBInstance.create(":memory:", settings.start);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError("ENGINE_OPTION_INVALID", `DuckDB does not take its settings: ${reason}`, { cause });
  }
  const connection = await instance.connect();
  const files = sql`SET allowed_paths = [${join(options.files.map((file) => sql`${file}`))}]`;
  for (const statement of [files, ...settings.statements]) await connection.run(duckDbDialect.render(statement));
  return new ReadOnlyDuckDb(duckdb, instance, connection);
}

const INTERRUPT_AGAIN_MS = 20;

class ReadOnlyDuckDb implements ReadOnlyEngine {
  readonly dialect = duckDbDialect;
  readonly #duckdb: typeof import("@duckdb/node-api");
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  #stopped = false;
  #running = 0;

  constructor(duckdb: typeof import("@duckdb/node-api"), instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#duckdb = duckdb;
    this.#instance = instance;
    this.#connection = connection;
  }

  async define(view: string, query: Sql): Promise<void> {
    const text = this.dialect.render(sql`CREATE OR REPLACE TEMP VIEW ${identifier(view)} AS ${query}`);
    await this.#attempt(text, () => this.#connection.run(text));
  }

  lines(sources: readonly LineSource[], maxLineBytes: number): Sql {
    return readLines(sources, { json: false, maxLineBytes });
  }

  query(text: string): Promise<QueryRows> {
    return this.#start(text, () => prepareSelect(this.#duckdb, this.#connection, text));
  }

  stream(query: Sql): Promise<QueryRows> {
    const text = this.dialect.render(query);
    return this.#start(text, () => this.#connection.prepare(text));
  }

  interrupt(): void {
    this.#stopped = true;
    this.#connection.interrupt();
    // DuckDB forgets an interrupt that comes just before a statement begins.
    const again = setInterval(() => {
      if (this.#running > 0) this.#connection.interrupt();
      else clearInterval(again);
    }, INTERRUPT_AGAIN_MS);
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #start(text: string, prepare: () => Promise<DuckDBPreparedStatement>): Promise<QueryRows> {
    const statement = await this.#attempt(text, prepare);
    const result = await this.#attempt(text, () => statement.stream());
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, index) => ({ name, type: String(types[index]) }));
    const converters = types.map((type) => converterOf(this.#duckdb, type));
    const rowsOf = (rows: Awaited<ReturnType<DuckDBResult["getRows"]>>) =>
      rows.map((row) => row.map((value, index) => converters[index]?.(value) ?? null));
    const { QUERY_RESULT } = this.#duckdb.ResultReturnType;
    const attempt = <T>(work: () => Promise<T>) => this.#attempt(text, work);
    return {
      columns,
      async *batches() {
        for (;;) {
          const chunk = await attempt(() => result.fetchChunk());
          if (chunk === null || chunk.rowCount === 0) break;
          yield rowsOf(chunk.getRows());
        }
        // A failure ends the rows like an end; only the kind of result tells, and running again says why.
        if (result.returnType === QUERY_RESULT) return;
        await attempt(() => statement.run());
        throw new EngineError("STATEMENT_FAILED", "The query ended before its last row.", { statement: text });
      },
    };
  }

  async #attempt<T>(text: string, work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      if (this.#stopped) throw interrupted(text);
      return await work();
    } catch (cause) {
      throw queryFailure(cause, text);
    } finally {
      this.#running -= 1;
    }
  }
}
