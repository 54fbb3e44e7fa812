import type { LakeState } from "@medallion/lake";
import { expect, it } from "vitest";
import { staleDocuments } from "./stale-documents.ts";

const state = (...paths: string[]): LakeState => ({
  ...{
    last: 1,
    files: new Map(),
    partitions: new Map(),
    rules: new Map(),
    silver: new Set(),
    quarantine: new Set(),
    lastCommit: null,
  },
  gold: new Map(paths.map((path) => [path, { commit: 1 }])),
});
const pathsOf = (day: string, ...paths: string[]) => staleDocuments(state(...paths), [day]).map(({ path }) => path);

it("lists weeks that have a touched day, or follow the week that has it", () => {
  const weeks = ["2026-W01", "2026-W02", "2026-W03"].map((week) => `gold/analytics/weekly-${week}.json`);
  expect(pathsOf("20251229", ...weeks)).toEqual(weeks.slice(0, 2));
  expect(pathsOf("20251228", ...weeks)).toEqual(weeks.slice(0, 1));
  expect(pathsOf("20260119", ...weeks)).toEqual([]);
  expect(staleDocuments(state(weeks[0] ?? ""), ["20260101"])).toMatchObject([{ start: "20251229", end: "20260104" }]);
});

it("lists KPIs whose range or comparison range has a touched day", () => {
  const path = "gold/kpis/kpis-20251120-to-20251121.json";
  const touched = ["20251117", "20251118", "20251121", "20251122"];
  expect(touched.map((day) => pathsOf(day, path).length)).toEqual([0, 1, 1, 0]);
});

it("lists reports whose trend has a touched day, but not those of retired days", () => {
  const path = "gold/reports/a-b-20251127.json";
  const touched = ["20251120", "20251121", "20251127", "20251128"];
  expect(touched.map((day) => pathsOf(day, path).length)).toEqual([0, 1, 1, 0]);
  expect(staleDocuments(state(path), ["20251127"])).toMatchObject([{ kind: "report", master: "a-b", day: "20251127" }]);
  expect(
    pathsOf("20251127", path, "gold/retired-tasks/20251127.parquet", "gold/retired-tasks/20251127-0002.parquet"),
  ).toEqual([]);
});

it("leaves daily documents and what it does not know", () => {
  expect(pathsOf("20251127", "gold/analytics/daily-20251127.json", "gold/quality/quality-20251127.json")).toEqual([]);
});
