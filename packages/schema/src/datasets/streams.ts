import type { DatasetPart } from "../contract/part.ts";

/** What can be known of a data set without its rules: where it lies, and by which rules silver is up to date. */
export interface DatasetStream {
  readonly name: string;
  readonly folders: { readonly bronze: string; readonly silver: string };
  readonly part: DatasetPart;
  readonly rulesHash: string;
}

const anyPart: DatasetPart = { field: null, only: null, except: [] };

/** The built-in data sets, for whoever asks where they lie and must not wait for zod. */
export const BUILT_IN_STREAMS: readonly DatasetStream[] = [
  {
    name: "tasks",
    folders: { bronze: "raw-tasks", silver: "processed-tasks" },
    part: anyPart,
    rulesHash: "689b267c4270eaf424acf09b6fdddabfe70d07c49b72053031536bfb10c4f0c8",
  },
  {
    name: "lineage",
    folders: { bronze: "events", silver: "validated-lineage" },
    part: { ...anyPart, only: "lineage" },
    rulesHash: "1ac74c96a4ae02c602b446b4db0a3d753527fe25822d08da3d8f1e78700457ef",
  },
  {
    name: "events",
    folders: { bronze: "events", silver: "validated-events" },
    part: { ...anyPart, field: "event_type", except: ["lineage"] },
    rulesHash: "adae6fe54bf4e0a5669db942de74b0502aa0ecd033033d0300d286a7ea96ae2d",
  },
  {
    name: "metrics",
    folders: { bronze: "raw-metrics", silver: "validated-metrics" },
    part: { ...anyPart, field: "master" },
    rulesHash: "beb8124237791c288ac558fcd15324e716ec91a4a4f0e56ffb6a22d33a9aa638",
  },
];
