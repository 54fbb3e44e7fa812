import { createRequire } from "node:module";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { Engine, LineOptions, LineSource, ParquetSource, PartitionedWrite, Row } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { toSqlValue } from "../sql/result-value.ts";
import { identifier, join, type Sql, sql } from "../sql/sql.ts";
import { duckDbDialect } from "./dialect.ts";
import { duckDbFailure } from "./failure.ts";
import { readLines } from "./lines.ts";
import { inOneFile } from "./one-file.ts";
import { readParquet } from "./parquet.ts";
import { type DuckDbOptions, duckDbSettings } from "./settings.ts";

/**
 * Starts DuckDB inside this process, closed to everything but the given folders: no network, no extensions, no change
 * of settings.
 *
 * @throws EngineError ENGINE_UNAVAILABLE when DuckDB has no build for this machine, ENGINE_OPTION_INVALID for a thread
 * count or a memory limit that DuckDB refuses
 */
export async function openDuckDb(options: DuckDbOptions): Promise<Engine> {
  const { DuckDBInstance } = await loadDuckDb();
  const settings = duckDbSettings(options);
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(":memory:", settings.start);
  } catch (cause) {
    throw new EngineError("ENGINE_OPTION_INVALID", `DuckDB does not take its settings: ${messageOf(cause)}`, { cause });
  }
  const engine = new DuckDbEngine(instance, await instance.connect());
  for (const statement of settings.statements) await engine.execute(statement);
  return engine;
}

/** @throws EngineError ENGINE_UNAVAILABLE */
export async function loadDuckDb(): Promise<typeof import("@duckdb/node-api")> {
  try {
    // Required, not imported: to import its 181 CommonJS files, Node first looks through each for what it exports, which
    // takes longer than to load them.
    return createRequire(import.meta.url)("@duckdb/node-api");
  } catch (cause) {
    const text = `DuckDB cannot be loaded on ${process.platform}-${process.arch}: ${messageOf(cause)}. Install @duckdb/node-api with its optional dependencies.`;
    throw new EngineError("ENGINE_UNAVAILABLE", text, { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

class DuckDbEngine implements Engine {
  readonly name = "duckdb";
  readonly dialect = duckDbDialect;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** All that are open. */
  readonly #connections = new Set<DuckDBConnection>();

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
    this.#connections.add(connection);
  }

  async execute(statement: Sql): Promise<void> {
    const text = this.dialect.render(statement);
    try {
      await this.#connection.run(text);
    } catch (cause) {
      throw duckDbFailure(cause, text);
    }
  }

  async rows(query: Sql): Promise<Row[]> {
    return await rowsOf(this.#connection, this.dialect.render(query));
  }

  async materialize(name: string, query: Sql): Promise<void> {
    await this.execute(sql`CREATE OR REPLACE TABLE ${identifier(name)} AS ${query}`);
  }

  table(name: string): Sql {
    return sql`(SELECT *, rowid AS row_id FROM ${identifier(name)})`;
  }

  async forget(name: string): Promise<void> {
    await this.execute(sql`DROP TABLE IF EXISTS ${identifier(name)}`);
  }

  async lines(sources: readonly LineSource[], { maxLineBytes, json }: LineOptions): Promise<Sql> {
    return readLines(sources, {
      maxLineBytes: typeof maxLineBytes === "number" ? maxLineBytes : await maxLineBytes(),
      json,
    });
  }

  parquet(sources: readonly ParquetSource[]): Sql {
    return readParquet(sources);
  }

  async writePartitions(write: PartitionedWrite): Promise<Map<string, readonly number[]>> {
    const columns = join(write.columns.map(identifier));
    const order = join(write.orderBy.map((column) => sql`${identifier(column)} ASC NULLS FIRST`));
    const files = new Map<string, string>();
    for (const partition of write.partitions) files.set(partition, await write.file(partition, 1));
    const counts = new Map<string, number>();
    await this.#inParallel([...files], async (connection, [partition, path]) => {
      const rows = sql`SELECT ${columns} FROM ${write.rows} WHERE ${identifier(write.partitionBy)} = ${partition} ORDER BY ${order}`;
      counts.set(partition, await inOneFile(path, (folder) => copyTo(connection, rows, folder, write.format)));
    });
    return new Map(write.partitions.map((partition) => [partition, [counts.get(partition) ?? 0]]));
  }

  interrupt(): void {
    for (const connection of this.#connections) connection.interrupt();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.closeSync();
    this.#instance.closeSync();
  }

  /** Works through items over two connections: one statement alone leaves cores idle at its beginning and its end. */
  async #inParallel<Item>(
    items: readonly Item[],
    work: (connection: DuckDBConnection, item: Item) => Promise<void>,
  ): Promise<void> {
    const queue = [...items];
    const failures: unknown[] = [];
    const workThrough = async (connection: DuckDBConnection) => {
      for (let item = queue.shift(); item !== undefined && failures.length === 0; item = queue.shift()) {
        try {
          await work(connection, item);
        } catch (failure) {
          failures.push(failure);
        }
      }
    };
    const second = items.length > 1 ? await this.#connect() : null;
    await Promise.all([this.#connection, ...(second === null ? [] : [second])].map(workThrough));
    if (second !== null) this.#disconnect(second);
    if (failures.length > 0) throw failures[0];
  }

  async #connect(): Promise<DuckDBConnection> {
    const connection = await this.#instance.connect();
    this.#connections.add(connection);
    return connection;
  }

  #disconnect(connection: DuckDBConnection): void {
    this.#connections.delete(connection);
    connection.closeSync();
  }
}

const FORMATS = {
  lines: sql`FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER ${"\u0001"}`,
  parquet: sql`FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1`,
};
/** More bytes than any file has. */
const NEVER_FULL = 2 ** 50;

/**
 * Writes rows in their order to the one file of a folder, and says how many they are. DuckDB writes straight to a file that
 * others may follow; for a single file it gathers batches of rows first, some hundred megabytes beyond its memory limit.
 * @throws EngineError
 */
async function copyTo(
  connection: DuckDBConnection,
  rows: Sql,
  folder: string,
  format: PartitionedWrite["format"],
): Promise<number> {
  const statement = sql`COPY (${rows}) TO ${folder} (${FORMATS[format]}, FILE_SIZE_BYTES ${NEVER_FULL})`;
  const [result] = await rowsOf(connection, duckDbDialect.render(statement));
  return Number(result?.Count ?? 0);
}

/** @throws EngineError */
async function rowsOf(connection: DuckDBConnection, text: string): Promise<Row[]> {
  try {
    const reader = await connection.runAndReadAll(text);
    const names = reader.columnNames();
    return reader
      .getRows()
      .map((values) => Object.fromEntries(names.map((name, index) => [name, toSqlValue(values[index])])));
  } catch (cause) {
    throw cause instanceof EngineError ? cause : duckDbFailure(cause, text);
  }
}
