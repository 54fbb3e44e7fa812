import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { toJsonSchema } from "../json-schema.ts";
import { type DailyAnalytics, dailyAnalytics } from "./daily.ts";

const rates = { completion_rate: 95.3, success_rate: 96.6, avg_duration_seconds: 42.5 };
const outcome = { total: 150, completed: 143, failed: 5, cancelled: 2, ...rates };
const share = { count: 150, percentage: 100 };

const daily: DailyAnalytics = {
  date: "20251127",
  layer: "gold",
  generated_at: "2025-11-28T00:05:00.123456Z",
  timezone: "UTC",
  rules_version: "1.0.0+0123456789ab",
  summary: {
    ...{ total_tasks: 150, completed_tasks: 143, failed_tasks: 5, cancelled_tasks: 2 },
    ...{ ...rates, min_duration_seconds: 0.4, max_duration_seconds: 310 },
  },
  by_master: [{ master: "security-master", ...outcome }],
  by_status: [{ status: "completed", ...share }],
  by_priority: [{ priority: "unknown", ...share }],
  by_type: [],
  performance: {
    ...{ p50_duration: 38.2, p95_duration: 78.5, p99_duration: null },
    buckets: { fast: 51, normal: 70, slow: 22 },
  },
  quality: {
    ...{ read: 158, accepted: 151, duplicates: 4, quarantined: 3, superseded: 1, rows: 150 },
    ...{ rejects: { "task_id.required": 3 }, warnings: {} },
  },
  inputs: [{ file: "silver/processed-tasks/20251127.parquet", rows: 150 }],
};

const accepts = new Ajv2020().compile(toJsonSchema(dailyAnalytics));

describe("dailyAnalytics", () => {
  it("accepts a document, as its JSON Schema does", () => {
    expect(dailyAnalytics.parse(daily)).toEqual(daily);
    expect(accepts(daily)).toBe(true);
  });

  it("accepts the roll-up of a retired day, and refuses one with a sum that is no text", () => {
    const tally = { total: 1, completed: 1, failed: 0, cancelled: 0, durations: 1, duration_sum_micros: "30000000" };
    const contribution = {
      ...{ ...tally, fast: 0, slow: 0, by_master: [{ master: "m", ...tally }], sketch: { "29884416": 1 } },
      ...{ by_status: [{ status: "completed", count: 1 }], by_priority: [], by_type: [] },
    };
    const rollup = { ...contribution, superseded: [{ day: "20251128", ...contribution }] };
    const wrong = { ...daily, rollup: { ...rollup, duration_sum_micros: 30_000_000 } };
    expect(dailyAnalytics.parse({ ...daily, rollup })).toEqual({ ...daily, rollup });
    expect([accepts({ ...daily, rollup }), accepts(wrong)]).toEqual([true, false]);
    expect(dailyAnalytics.safeParse(wrong).success).toBe(false);
  });

  it.each<[string, object]>([
    ["another layer", { layer: "silver" }],
    ["a date with dashes", { date: "2025-11-27" }],
    ["a month that does not exist", { date: "20251327" }],
    ["a time that is none", { generated_at: "today" }],
    ["a rate over 100", { summary: { ...daily.summary, success_rate: 100.1 } }],
    ["part of a task", { summary: { ...daily.summary, total_tasks: 1.5 } }],
    ["a negative duration", { performance: { ...daily.performance, p50_duration: -1 } }],
    ["a missing bucket", { performance: { ...daily.performance, buckets: { fast: 1, slow: 1 } } }],
    ["an unknown member", { extra: 1 }],
    ["an input without a name", { inputs: [{ file: "", rows: 1 }] }],
  ])("refuses %s, as its JSON Schema does", (_, change) => {
    const changed = { ...daily, ...change };
    expect(dailyAnalytics.safeParse(changed).success).toBe(false);
    expect(accepts(changed)).toBe(false);
  });
});
