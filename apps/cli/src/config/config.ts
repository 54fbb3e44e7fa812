import type { Dataset, Severity } from "@medallion/schema";
import type { Keep } from "./user-config.ts";

export interface Retention {
  readonly bronze: Keep;
  readonly silver: Keep;
}

/** Ages in seconds; null where no limit is set. */
export interface Freshness {
  readonly warnAfter: number | null;
  readonly errorAfter: number | null;
}

/** A setting for all data sets, and what differs for some. */
export type ByDataset<T> = T & { readonly datasets: Readonly<Record<string, T>> };

/** The resolved configuration: every default is filled in, every folder is absolute or seen from the working directory. */
export interface Config {
  /** Absolute path; null when there is no file. */
  readonly file: string | null;
  /** What named the file; null when there is none. */
  readonly foundBy: "--config" | "MEDALLION_CONFIG" | "search" | null;
  readonly lake: string;
  readonly lakeFrom: "--lake" | "MEDALLION_LAKE" | "configuration" | "default";
  /** Null: whatever the lake has. */
  readonly timezone: string | null;
  /** The data sets of the file. With the built-in ones and the severities applied: `configuredDatasets`. */
  readonly datasets: readonly Dataset[];
  /** By data set and rule. */
  readonly rules: Readonly<Record<string, Readonly<Record<string, Severity>>>>;
  readonly retention: ByDataset<Retention>;
  readonly freshness: ByDataset<Freshness>;
  readonly schemas: { readonly folder: string; readonly severity: Severity } | null;
  readonly engine: { readonly url: string; readonly threads: number | null; readonly memoryLimit: string | null };
  readonly schedule: { readonly cron: string } | null;
}

/** What a configuration says that says nothing. */
export const DEFAULTS = {
  timezone: null,
  datasets: [],
  rules: {},
  retention: { bronze: 90, silver: 30, datasets: {} },
  freshness: { warnAfter: null, errorAfter: null, datasets: {} },
  schemas: null,
  engine: { url: "duckdb", threads: null, memoryLimit: null },
  schedule: null,
} as const satisfies Omit<Config, "file" | "foundBy" | "lake" | "lakeFrom">;

/** The setting of one data set. */
export function settingOf<T>(setting: ByDataset<T>, dataset: string): T {
  return Object.entries(setting.datasets).find(([name]) => name === dataset)?.[1] ?? setting;
}
