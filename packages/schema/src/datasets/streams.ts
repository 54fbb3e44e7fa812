import type { DatasetPart } from "../contract/dataset.ts";

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
    rulesHash: "4b0161275df9a458e49fe6b67282e42215e0243c97d6a241c37d2630c01edbe0",
  },
  {
    name: "lineage",
    folders: { bronze: "events", silver: "validated-lineage" },
    part: { ...anyPart, only: "lineage" },
    rulesHash: "67bb8c681b4d69c3137a2941ce8aaef74bfe304fc7154e36c0b8e687d0a12b1c",
  },
  {
    name: "events",
    folders: { bronze: "events", silver: "validated-events" },
    part: { ...anyPart, field: "event_type", except: ["lineage"] },
    rulesHash: "188d65b83ac7aea44d60426c280dfb3d9b85b46ebfe4e18f3fc935acb390cd16",
  },
  {
    name: "metrics",
    folders: { bronze: "raw-metrics", silver: "validated-metrics" },
    part: { ...anyPart, field: "master" },
    rulesHash: "db7721cd194ff1aea26784e5abaa8e1bbb99abf32f08ff5e535acb4874a06402",
  },
];
