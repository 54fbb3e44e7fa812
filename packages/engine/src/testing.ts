import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { openDuckDb } from "./duckdb/engine.ts";
import type { Engine } from "./engine.ts";

/** How a suite opens an engine. */
export interface TestEngineOptions {
  /** An IANA name. */
  readonly timeZone: string;
  /** The only folder that the suite reads and writes; absolute. */
  readonly folder: string;
}

/** An engine that a suite is to run over. */
export interface TestEngine {
  readonly name: string;
  open(options: TestEngineOptions): Promise<Engine>;
}

const duckDb: TestEngine = {
  name: "duckdb",
  open: ({ timeZone, folder }) =>
    openDuckDb({ timeZone, folders: [folder], temporaryFolder: join(folder, "spill"), threads: 2 }),
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
      async open({ timeZone, folder }) {
        const { openSpark } = await import("./spark/engine.ts");
        return openSpark({ url, timeZone, stagingFolder: await mkdtemp(join(folder, "staging-")) });
      },
    },
  ];
}
