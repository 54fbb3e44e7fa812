import { expect, test } from "vitest";
import {
  aggregatePath,
  bronzePath,
  dailyPath,
  firstPartOf,
  kpisPath,
  profilePath,
  qualityPath,
  quarantinePath,
  reportPath,
  silverPath,
  weeklyPath,
} from "./layout.ts";

test("every path of the lake", () => {
  expect([
    bronzePath("raw-tasks", "20251127"),
    bronzePath("events", "20251127", "%54ask"),
    silverPath("processed-tasks", "20251127", "parquet"),
    aggregatePath("aggregated-metrics", "20251127", "security"),
    quarantinePath("tasks", "20251127"),
    dailyPath("20251127"),
    weeklyPath("2025-W48"),
    reportPath("security", "20251127"),
    profilePath("tasks", "20251127"),
    kpisPath("20251120", "20251127"),
    qualityPath("20251127"),
  ]).toEqual([
    "bronze/raw-tasks/20251127.jsonl",
    "bronze/events/%54ask-20251127.jsonl",
    "silver/processed-tasks/20251127.parquet",
    "silver/aggregated-metrics/security-20251127.json",
    "silver/quarantine/tasks/20251127.jsonl",
    "gold/analytics/daily-20251127.json",
    "gold/analytics/weekly-2025-W48.json",
    "gold/reports/security-20251127.json",
    "silver/profiles/tasks/20251127.json",
    "gold/kpis/kpis-20251120-to-20251127.json",
    "gold/quality/quality-20251127.json",
  ]);
});

test.each([
  ["silver/processed-tasks", (part: number) => silverPath("processed-tasks", "20251127", "jsonl", part)],
  ["silver/quarantine/tasks", (part: number) => quarantinePath("tasks", "20251127", part)],
])("a part of a day in %s has its number after the day, and is a part of nothing else", (folder, pathOf) => {
  const parts = [1, 2, 34, 9999, 10_000, 999_999].map(pathOf);
  expect(parts.map((path) => path.slice(`${folder}/`.length))).toEqual([
    "20251127.jsonl",
    "20251127-0002.jsonl",
    "20251127-0034.jsonl",
    "20251127-9999.jsonl",
    "20251127-10000.jsonl",
    "20251127-999999.jsonl",
  ]);
  for (const path of parts) expect(firstPartOf(path)).toBe(`${folder}/20251127.jsonl`);
  for (const part of [0, -1, 1.5, 1_000_000, Number.NaN]) {
    expect(() => pathOf(part)).toThrowError(expect.objectContaining({ code: "NAME_INVALID" }));
  }
});

test.each([
  "silver/processed-tasks/20251127-0000.jsonl",
  "silver/processed-tasks/20251127-0001.jsonl",
  "silver/processed-tasks/20251127-00002.jsonl",
  "silver/processed-tasks/20251127-2.jsonl",
  "silver/processed-tasks/20251127-20251128.jsonl",
  "silver/processed-tasks/20250230.jsonl",
  "silver/processed-tasks/a-20251127.jsonl",
  "silver/aggregated-metrics/20251127-0002.json",
  "silver/quarantine/tasks/20251127.parquet",
  "silver/quarantine/tasks/20251127-2.jsonl",
  "silver/quarantine/a/b/20251127.jsonl",
  "silver/Quarantine/20251127.jsonl",
  "silver/profiles/tasks/20251127.json",
  "gold/retired-tasks/20251127.parquet",
  "bronze/raw-tasks/20251127.jsonl",
])("%s is no part of a day", (path) => {
  expect(firstPartOf(path)).toBeNull();
});

test("names and days are checked", () => {
  for (const name of ["..", "a/b", "A", "", "con", "a".repeat(161)]) {
    expect(() => bronzePath(name, "20251127")).toThrowError(expect.objectContaining({ code: "NAME_INVALID" }));
    expect(() => reportPath(name, "20251127")).toThrowError(expect.objectContaining({ code: "NAME_INVALID" }));
  }
  for (const day of ["20250230", "2025-11-27", "../../x", ""]) {
    expect(() => dailyPath(day)).toThrowError(expect.objectContaining({ code: "DAY_INVALID" }));
  }
  for (const week of ["2025-W00", "2025-W54", "2025W48", "../W48"]) {
    expect(() => weeklyPath(week)).toThrowError(expect.objectContaining({ code: "DAY_INVALID" }));
  }
});
