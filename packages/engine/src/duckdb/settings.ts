import { join, type Sql, sql } from "../sql/sql.ts";

/** How DuckDB is to run. */
export interface DuckDbOptions {
  /** The zone in which days begin and in which times without an offset are read. An IANA name. */
  readonly timeZone: string;
  /** The only folders that statements may read and write. Absolute paths. */
  readonly folders: readonly string[];
  /** Where rows go that do not fit in memory; inside one of `folders`. */
  readonly temporaryFolder: string;
  /** Default: every core. */
  readonly threads?: number;
  /** Such as `700MB` or `4GB`. Default: three quarters of a gigabyte. */
  readonly memoryLimit?: string;
  /** Whether rows that no ORDER BY sorts come in the order in which they were read, at the cost of memory. Default: false. */
  readonly keepsOrder?: boolean;
}

/** What DuckDB is started with, and the statements that then close it to the outside. */
export interface DuckDbSettings {
  readonly start: Record<string, string>;
  readonly statements: readonly Sql[];
}

/** Beyond what DuckDB counts, the process needs memory of its own; together they stay under a gigabyte. */
const DEFAULT_MEMORY_LIMIT = "768MB";

/**
 * How much freed memory a thread may hold before it goes back to the system: with DuckDB's own 128 MB and 512 MB, a large run
 * held some 220 MB more than it used.
 */
const GIVEN_BACK = { allocator_flush_threshold: "8MB", allocator_bulk_deallocation_flush_threshold: "16MB" };

export function duckDbSettings(options: DuckDbOptions): DuckDbSettings {
  const folders = join(options.folders.map((folder) => sql`${folder}`));
  return {
    start: {
      ...(options.threads === undefined ? {} : { threads: `${options.threads}` }),
      memory_limit: options.memoryLimit ?? DEFAULT_MEMORY_LIMIT,
      temp_directory: options.temporaryFolder,
      ...GIVEN_BACK,
      preserve_insertion_order: `${options.keepsOrder ?? false}`,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    },
    statements: [
      sql`SET TimeZone = ${options.timeZone}`,
      sql`SET allowed_directories = [${folders}]`,
      sql`SET enable_external_access = false`,
      sql`SET lock_configuration = true`,
    ],
  };
}
