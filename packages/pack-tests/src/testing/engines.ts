/** An engine that a team may name in its configuration. */
export interface ConfiguredEngine {
  readonly name: string;
  /** `engine.url` of the configuration; null for the default. */
  readonly url: string | null;
  /** What a team installs beside the command for it. */
  readonly needs: Readonly<Record<string, string>>;
}

const url = process.env.MEDALLION_SPARK_URL ?? "";

/** DuckDB, and Spark where MEDALLION_SPARK_URL holds the connection string of one that reads this host's folders. */
export const testEngines: readonly ConfiguredEngine[] = [
  { name: "duckdb", url: null, needs: {} },
  ...(url === "" ? [] : [{ name: "spark", url, needs: { "apache-arrow": "21.2.0" } }]),
];
