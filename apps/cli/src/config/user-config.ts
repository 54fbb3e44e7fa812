import type { Dataset, Severity } from "@medallion/schema";

/** How long to keep: a number of days, or for ever. */
export type Keep = number | "never";

export interface UserRetention {
  /** Days after its day of ingestion until a bronze file may go; default 90. */
  readonly bronze?: Keep;
  /** Days after its day until a silver partition may go; default 30. */
  readonly silver?: Keep;
}

export interface UserFreshness {
  /** The age of the newest record from which on a data set is late, such as `"26h"`. */
  readonly warn_after?: string;
  /** The age from which on it is an error, such as `"2d"`. */
  readonly error_after?: string;
}

/** What a `medallion.config` file may say; all of it is optional. */
export interface UserConfig {
  /** The folder of the lake, seen from the folder of this file. Default: `coordination/medallion`. */
  readonly lake?: string;
  /** The IANA name of the zone in which the lake's days begin; checked against the lake's own. */
  readonly timezone?: string;
  /** Data sets beside the built-in ones, from `defineDataset`. */
  readonly datasets?: readonly Dataset[];
  /** Other severities, by data set and rule: `{ tasks: { "status.expected": "quarantine" } }`. */
  readonly rules?: Readonly<Record<string, Readonly<Record<string, Severity>>>>;
  readonly retention?: UserRetention & { readonly datasets?: Readonly<Record<string, UserRetention>> };
  readonly freshness?: UserFreshness & { readonly datasets?: Readonly<Record<string, UserFreshness>> };
  /** JSON Schemas to check records against, as rules. */
  readonly schemas?: {
    /** Seen from the folder of this file. */
    readonly folder: string;
    /** Default: `warn`. */
    readonly severity?: Severity;
  };
  readonly engine?: {
    /** `duckdb`, or a Spark Connect server such as `sc://localhost:15002`. Default: `duckdb`. */
    readonly url?: string;
    /** Default: every core. */
    readonly threads?: number;
    /** Such as `2GB`. */
    readonly memoryLimit?: string;
  };
  readonly schedule?: {
    /** When to run: minute, hour, day of the month, month and day of the week; seconds may come first. */
    readonly cron: string;
  };
}

/**
 * Types the default export of a `medallion.config.ts`. Returns what it is given.
 *
 * @example
 * export default defineConfig({ lake: "data/lake", retention: { silver: 60 } });
 */
export function defineConfig(config: UserConfig): UserConfig {
  return config;
}
