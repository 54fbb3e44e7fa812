import type { Dialect } from "./dialect.ts";
import type { Sql, SqlValue } from "./sql/sql.ts";

/** A file of lines to be read, and the name under which its rows are known. */
export interface LineSource {
  /** Absolute path of the file, or of a copy of the part of it that is to be read. */
  readonly path: string;
  /** The lake's name of the file. */
  readonly file: string;
  /** A name that goes for all lines of the file. Default: null. */
  readonly part?: string | null;
}

/** How lines are to be read. */
export interface LineOptions {
  /**
   * The longest line in bytes; a longer one is an error. Where it takes work to find out, a function, which is called by an
   * engine that has to know it.
   */
  readonly maxLineBytes: number | (() => Promise<number>);
  /**
   * `true`: every line is JSON, which the engine may read as such; a line that is not comes as null.
   * `false`: lines come as they are.
   */
  readonly json: boolean;
}

/** A Parquet file to be read, and the partition that its rows belong to. */
export interface ParquetSource {
  readonly path: string;
  readonly partition: string;
}

/** Rows to be written to the files of their partitions. */
export interface PartitionedWrite {
  /** A relation with the columns below. */
  readonly rows: Sql;
  /** The column that holds the partition. */
  readonly partitionBy: string;
  /** The order of the rows in a partition. An engine may keep a sample of these values in memory: they are to be short. */
  readonly orderBy: readonly string[];
  /** `lines`: the one column is text, written as it is; `parquet`: all columns. */
  readonly format: "lines" | "parquet";
  readonly columns: readonly string[];
  /** The partitions that are written, each of which has rows; rows of others are left out. */
  readonly partitions: readonly string[];
  /**
   * Names the file of a part of a partition, as an absolute path. The engine makes as many parts as it sees fit. They count
   * from 1, and every row of one comes before those of the next. Asked once for each part that there is, one after the other.
   */
  readonly file: (partition: string, part: number) => string | Promise<string>;
}

/** One row of a small result. */
export type Row = { readonly [column: string]: SqlValue };

/**
 * Where SQL runs. Rows stay inside the engine: only small results come out, through `rows`.
 *
 * Every method throws EngineError: STATEMENT_FAILED, OUT_OF_MEMORY, OUT_OF_DISK or INTERRUPTED.
 */
export interface Engine {
  /** `duckdb` or `spark`, for people to read. */
  readonly name: string;
  readonly dialect: Dialect;
  /** Runs a statement for its effect. */
  execute(statement: Sql): Promise<void>;
  /** Fetches a small result. Whole numbers come as `number` where they are safe and as `bigint` where not. */
  rows(query: Sql): Promise<Row[]>;
  /** Computes a query once and keeps its rows under a name, in place of what had the name. */
  materialize(name: string, query: Sql): Promise<void>;
  /** What `materialize` kept, as a relation of its columns and `row_id`, which is another number in every row. */
  table(name: string): Sql;
  /** Forgets what `materialize` kept. */
  forget(name: string): Promise<void>;
  /** The lines of files, as a relation (line, file, part); blank lines are no rows. */
  lines(sources: readonly LineSource[], options: LineOptions): Promise<Sql>;
  /** The rows of Parquet files, as a relation of their columns and `partition`. */
  parquet(sources: readonly ParquetSource[]): Sql;
  /** Writes partitions to files and says how many rows each part of each partition holds. */
  writePartitions(write: PartitionedWrite): Promise<Map<string, readonly number[]>>;
  /** Stops the running statement, which then fails with INTERRUPTED. */
  interrupt(): void;
  close(): Promise<void>;
}
