import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { openDuckDb } from "./duckdb/engine.ts";
import type { Engine, PartitionedWrite } from "./engine.ts";
import { identifier, join as joinSql, sql } from "./sql/sql.ts";

/** How a suite opens an engine. */
export interface TestEngineOptions {
  /** An IANA name. */
  readonly timeZone: string;
  /** The only folder that the suite reads and writes; absolute. */
  readonly folder: string;
  /**
   * About how many bytes of text a part of a partition holds at most. Default: what the engine has. DuckDB, which writes no
   * parts, is made to by statements of its own, so that suites see them without Spark.
   */
  readonly partBytes?: number;
}

/** An engine that a suite is to run over. */
export interface TestEngine {
  readonly name: string;
  open(options: TestEngineOptions): Promise<Engine>;
}

const duckDb: TestEngine = {
  name: "duckdb",
  async open({ timeZone, folder, partBytes }) {
    const options = { timeZone, folders: [folder], temporaryFolder: join(folder, "spill"), threads: 2 };
    const engine = await openDuckDb(options);
    return partBytes === undefined ? engine : withParts(engine, partBytes);
  },
};

/**
 * The engines that a suite of silver, gold or the engine itself runs over: DuckDB, and Spark where the environment
 * variable MEDALLION_SPARK_URL holds the connection string of one that reads this host's folders.
 */
export const testEngines: readonly TestEngine[] = [duckDb, ...sparkOf(process.env.MEDALLION_SPARK_URL)];

function sparkOf(url: string | undefined): TestEngine[] {
  if (url === undefined || url === "") return [];
  return [
    {
      name: "spark",
      async open({ timeZone, folder, partBytes }) {
        const { openSpark } = await import("./spark/engine.ts");
        const stagingFolder = await mkdtemp(join(folder, "staging-"));
        return openSpark({
          url: partBytes === undefined ? url : withPartBytes(url, partBytes),
          timeZone,
          stagingFolder,
        });
      },
    },
  ];
}

/** The connection string of a Spark that writes parts of so many bytes. */
export function withPartBytes(url: string, partBytes: number): string {
  return `${url}${url.includes("/;") ? ";" : "/;"}part_bytes=${partBytes}`;
}

/** An engine that writes partitions in parts of about so many bytes each. */
function withParts(engine: Engine, partBytes: number): Engine {
  return {
    name: engine.name,
    dialect: engine.dialect,
    execute: (statement) => engine.execute(statement),
    rows: (query) => engine.rows(query),
    materialize: (name, query) => engine.materialize(name, query),
    table: (name) => engine.table(name),
    forget: (name) => engine.forget(name),
    lines: (sources, options) => engine.lines(sources, options),
    parquet: (sources) => engine.parquet(sources),
    writePartitions: (write) => writeInParts(engine, write, partBytes),
    interrupt: () => engine.interrupt(),
    close: () => engine.close(),
  };
}

const PART = "medallion part";
const NUMBERED = "medallion_numbered_rows";

async function writeInParts(
  engine: Engine,
  write: PartitionedWrite,
  partBytes: number,
): Promise<Map<string, readonly number[]>> {
  const counts = new Map<string, readonly number[]>();
  const [part, partition] = [identifier(PART), identifier(write.partitionBy)];
  const order = joinSql(write.orderBy.map((column) => sql`${identifier(column)} ASC NULLS FIRST`));
  const text = sql`concat(${joinSql(write.columns.map((name) => sql`CAST(${identifier(name)} AS VARCHAR)`))})`;
  await engine.materialize(
    NUMBERED,
    sql`SELECT *, 1 + (sum(length(${text})) OVER (PARTITION BY ${partition} ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - 1)
      // ${partBytes} AS ${part} FROM ${write.rows}`,
  );
  for (const name of write.partitions) {
    const parts = await engine.rows(
      sql`SELECT DISTINCT ${part} AS part FROM ${engine.table(NUMBERED)} AS r WHERE ${partition} = ${name} ORDER BY 1`,
    );
    const rows: number[] = [];
    for (const { part: number } of parts) {
      const file = await write.file(name, rows.length + 1);
      const ofPart = sql`(SELECT * FROM ${engine.table(NUMBERED)} AS r WHERE ${part} = ${Number(number)})`;
      const written = await engine.writePartitions({ ...write, rows: ofPart, partitions: [name], file: () => file });
      rows.push(...(written.get(name) ?? []));
    }
    counts.set(name, rows);
  }
  await engine.forget(NUMBERED);
  return counts;
}
