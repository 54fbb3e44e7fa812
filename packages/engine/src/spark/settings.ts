import type { SparkProgress } from "./connect/operation.ts";
import type { RetryPolicy } from "./connect/retry.ts";
import { PATTERN_VARIABLES } from "./sql/json-text.ts";
import { quoteText } from "./sql/literal.ts";

/** How Spark is to run. */
export interface SparkOptions {
  /** `sc://host[:port]/;key=value;…`; `part_bytes` is how many bytes of text a part of a partition holds at most, about. */
  readonly url: string;
  /** The zone in which days begin and in which times without an offset are read. An IANA name. */
  readonly timeZone: string;
  /**
   * A folder of this run alone, under the same absolute path on this host, the driver and every worker. Tables and the
   * parts of written files are kept in it; the caller removes it.
   */
  readonly stagingFolder: string;
  /** Told twice a second while a statement runs. */
  readonly onProgress?: (progress: SparkProgress) => void;
  /** How calls are tried again that the network has failed. Default: 15 times over about seven minutes. */
  readonly retries?: RetryPolicy;
}

/** The settings of a session: what the dialect relies on, whatever the cluster's own defaults are. */
export function sessionSettings(timeZone: string): Record<string, string> {
  return {
    "spark.sql.session.timeZone": timeZone,
    // An interrupt waits for the first report of tasks.
    "spark.connect.progress.reportInterval": "500ms",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.ansi.doubleQuotedIdentifiers": "true",
    // Java leaves longer methods to its interpreter: then several short ones are many times faster.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    // Values that are computed once nest deeply, and each level takes a pass.
    "spark.sql.analyzer.maxIterations": "1000",
    "spark.sql.variable.substitute": "false",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.parquet.mergeSchema": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
    "spark.sql.variant.allowDuplicateKeys": "true",
    "spark.sql.datetime.java8API.enabled": "true",
    "spark.sql.legacy.timeParserPolicy": "CORRECTED",
  };
}

/** The statements that make the session's variables, which the dialect relies on too. */
export function sessionStatements(): string[] {
  return Object.entries(PATTERN_VARIABLES).map(
    ([name, text]) => `DECLARE OR REPLACE VARIABLE ${name} STRING DEFAULT ${quoteText(text)}`,
  );
}
