import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join as joinPath } from "node:path";
import type { Dialect } from "../dialect.ts";
import type { Engine, LineOptions, LineSource, ParquetSource, PartitionedWrite, Row } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { identifier, type Sql, sql } from "../sql/sql.ts";
import { type ArrowReader, loadArrow } from "./arrow.ts";
import { parseAddress, type SparkAddress } from "./connect/address.ts";
import type { DirectoryWrite, Plan } from "./connect/messages.ts";
import { DEFAULT_RETRIES, type RetryPolicy } from "./connect/retry.ts";
import { SparkSession } from "./connect/session.ts";
import { isSessionLost, sparkFailure } from "./failure.ts";
import { PART_BYTES, PLACE, partitionedRows, type SizedPartition, sizesQuery, taskOfFile } from "./partitions.ts";
import { type SparkOptions, sessionSettings, sessionStatements } from "./settings.ts";
import { sparkDialect } from "./sql/dialect.ts";
import { quoteIdentifier } from "./sql/literal.ts";
import { Views } from "./views.ts";

/** The column that tells the rows of a table apart. */
const ROW_ID = "row_id";
/** How often the first call is tried again, over some four seconds. */
const FIRST_ATTEMPTS = 4;
/** How often a statement is begun again because the server was started anew under it. */
const MOST_RESTARTS = 3;
const INTERRUPTED = "A statement of Spark was interrupted.";

/**
 * Connects to Apache Spark 4 by Spark Connect. Rows stay in the cluster: its executors read and write the files, this
 * process sends statements and reads small results.
 *
 * @throws EngineError ENGINE_OPTION_INVALID for a wrong connection string or setting, ENGINE_UNAVAILABLE when Spark
 * cannot be reached or the package apache-arrow is not installed
 */
export async function openSpark(options: SparkOptions): Promise<Engine> {
  const address = parseAddress(options.url);
  const readArrow = await loadArrow();
  await mkdir(options.stagingFolder, { recursive: true });
  const engine = new SparkEngine(options, address, readArrow);
  await engine.start();
  return engine;
}

class SparkEngine implements Engine {
  readonly name = "spark";
  readonly dialect: Dialect;
  readonly #options: SparkOptions;
  readonly #address: SparkAddress;
  readonly #readArrow: ArrowReader;
  readonly #views = new Views();
  /** The folder of each table that is kept. */
  readonly #tables = new Map<string, string>();
  #session: SparkSession;
  #isInterrupted = false;
  #running = 0;

  constructor(options: SparkOptions, address: SparkAddress, readArrow: ArrowReader) {
    this.dialect = sparkDialect(options.timeZone);
    this.#options = options;
    this.#address = address;
    this.#readArrow = readArrow;
    this.#session = this.#newSession(address);
  }

  async start(): Promise<void> {
    try {
      // Who has mistyped the address is not to wait for minutes.
      await this.#prepare({ ...this.#retries, attempts: Math.min(this.#retries.attempts, FIRST_ATTEMPTS) });
    } catch (cause) {
      await this.#session.close();
      throw sparkFailure(cause, null);
    }
  }

  async execute(statement: Sql): Promise<void> {
    const text = this.dialect.render(statement);
    await this.#guarded(text, async () => {
      await this.#makeViews();
      await this.#run({ kind: "command", text });
    });
  }

  async rows(query: Sql): Promise<Row[]> {
    const text = this.dialect.render(query);
    return this.#readArrow(await this.#repeatable(text, () => ({ kind: "query", text })));
  }

  async materialize(name: string, query: Sql): Promise<void> {
    const text = this.dialect.render(
      sql`SELECT *, monotonically_increasing_id() AS ${identifier(ROW_ID)} FROM (${query})`,
    );
    const folder = await this.#write({ query: text, format: "parquet", partitionBy: [], options: {} });
    await this.#discard(name);
    this.#tables.set(name, folder);
    this.#views.folder(name, folder);
  }

  table(name: string): Sql {
    return sql`(SELECT * FROM ${identifier(name)})`;
  }

  async forget(name: string): Promise<void> {
    await this.#discard(name);
    this.#views.forget(name);
  }

  async lines(sources: readonly LineSource[], options: LineOptions): Promise<Sql> {
    return this.#views.lines(sources, options);
  }

  parquet(sources: readonly ParquetSource[]): Sql {
    return this.#views.parquet(sources);
  }

  async writePartitions(write: PartitionedWrite): Promise<Map<string, readonly number[]>> {
    const counts = new Map<string, readonly number[]>();
    if (write.partitions.length === 0) return counts;
    const sized = await this.#sizesOf(write);
    const [whole, divided] = [sized.filter(({ parts }) => parts === 1), sized.filter(({ parts }) => parts > 1)];
    const folders = new Map<SizedPartition, string>();
    for (const group of [whole, divided]) {
      if (group.length === 0) continue;
      const folder = await this.#write({
        query: this.dialect.render(partitionedRows(write, group)),
        format: write.format === "lines" ? "text" : "parquet",
        partitionBy: [PLACE],
        // Each task is to write one file, whatever the cluster's own default is.
        options: { maxRecordsPerFile: "0", ...(write.format === "lines" ? { lineSep: "\n" } : {}) },
      });
      for (const partition of group) folders.set(partition, folder);
    }
    for (const partition of sized) {
      const folder = joinPath(folders.get(partition) ?? "", `${PLACE}=${partition.place}`);
      counts.set(partition.partition, await this.#moveParts(folder, partition, write));
    }
    for (const folder of new Set(folders.values())) await rm(folder, { recursive: true, force: true });
    return counts;
  }

  interrupt(): void {
    if (this.#running === 0) return;
    this.#isInterrupted = true;
    this.#session.interrupt();
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  get #partBytes(): number {
    return this.#address.partBytes ?? PART_BYTES;
  }

  get #retries(): RetryPolicy {
    return this.#options.retries ?? DEFAULT_RETRIES;
  }

  #newSession(address: SparkAddress): SparkSession {
    return new SparkSession(address, { retries: this.#retries, onProgress: this.#options.onProgress });
  }

  /** The partitions of a write that have rows, with the number of their parts. */
  async #sizesOf(write: PartitionedWrite): Promise<SizedPartition[]> {
    const found = await this.rows(sizesQuery(write));
    const sizes = new Map(
      found.map(({ place, n, bytes }) => [Number(place), { rows: Number(n), bytes: Number(bytes) }]),
    );
    return write.partitions.flatMap((partition, index) => {
      const size = sizes.get(index + 1);
      if (size === undefined) return [];
      const parts = Math.min(size.rows, Math.max(1, Math.ceil(size.bytes / this.#partBytes)));
      return [{ partition, place: index + 1, rows: size.rows, parts }];
    });
  }

  /** Moves what tasks have written of a partition to where it was asked for; returns the rows of each part. */
  async #moveParts(
    folder: string,
    { partition, rows, parts }: SizedPartition,
    write: PartitionedWrite,
  ): Promise<number[]> {
    const names = (await readdir(folder)).filter((name) => name.startsWith("part-"));
    if (names.length === 0 || (parts === 1 && names.length > 1)) {
      const text = `Expected Spark to write ${partition} to ${folder} in one file, or in parts, found ${names.length}.`;
      throw new EngineError("STATEMENT_FAILED", text);
    }
    const counted = names.length === 1 ? null : await this.#countFiles(folder, write.format);
    const counts: number[] = [];
    for (const name of names.sort((a, b) => taskOfFile(a) - taskOfFile(b))) {
      counts.push(counted === null ? rows : (counted.get(name) ?? 0));
      await rename(joinPath(folder, name), await write.file(partition, counts.length));
    }
    return counts;
  }

  async #countFiles(folder: string, format: "lines" | "parquet"): Promise<Map<string, number>> {
    const files = sql`${identifier(format === "lines" ? "text" : "parquet")}.${identifier(folder)}`;
    const rows = await this.rows(sql`SELECT _metadata.file_name AS name, count(*) AS n FROM ${files} GROUP BY 1`);
    return new Map(rows.map(({ name, n }) => [String(name), Number(n)]));
  }

  /** Lets the executors write the rows of a query to a new folder, which is complete when this returns. */
  async #write(write: Omit<DirectoryWrite, "path">): Promise<string> {
    let path = "";
    // Every attempt has a folder of its own: an executor of a server that is gone may still write to the earlier one.
    const attempt = (): Plan => {
      path = joinPath(this.#options.stagingFolder, `rows-${randomUUID()}`);
      return { kind: "write", write: { ...write, path } };
    };
    await this.#repeatable(write.query, attempt);
    return path;
  }

  async #discard(name: string): Promise<void> {
    const folder = this.#tables.get(name);
    this.#tables.delete(name);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** Runs a plan that may be begun again in a new session, when the server has lost the one it had. */
  #repeatable(text: string, plan: () => Plan): Promise<Uint8Array[]> {
    return this.#guarded(text, async () => {
      for (let restarts = 0; ; restarts += 1) {
        try {
          await this.#makeViews();
          return await this.#run(plan());
        } catch (cause) {
          if (!isSessionLost(cause) || restarts >= MOST_RESTARTS || this.#isInterrupted) throw cause;
          await this.#restart();
        }
      }
    });
  }

  async #restart(): Promise<void> {
    await this.#session.close();
    this.#session = this.#newSession({ ...this.#address, sessionId: randomUUID() });
    this.#views.restart();
    await this.#prepare(this.#retries);
  }

  async #prepare(retries: RetryPolicy): Promise<void> {
    await this.#session.configure(sessionSettings(this.#options.timeZone), retries);
    for (const text of sessionStatements()) await this.#session.run({ kind: "command", text });
  }

  async #makeViews(): Promise<void> {
    for (let view = this.#views.nextPending(); view !== null; view = this.#views.nextPending()) {
      await this.#run({ kind: "view", name: quoteIdentifier(view.name), relation: view.relation });
      this.#views.made(view.name);
    }
  }

  async #run(plan: Plan): Promise<Uint8Array[]> {
    if (this.#isInterrupted) throw new EngineError("INTERRUPTED", INTERRUPTED);
    return await this.#session.run(plan);
  }

  async #guarded<Result>(statement: string, run: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      const result = await run();
      // It ended before the interrupt came to the server: who has asked to stop is not to go on.
      if (this.#isInterrupted) throw new EngineError("INTERRUPTED", INTERRUPTED, { statement });
      return result;
    } catch (cause) {
      if (cause instanceof EngineError || !this.#isInterrupted) throw sparkFailure(cause, statement);
      throw new EngineError("INTERRUPTED", INTERRUPTED, { statement, cause });
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#isInterrupted = false;
    }
  }
}
