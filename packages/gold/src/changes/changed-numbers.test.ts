import { describe, expect, it } from "vitest";
import { changedNumbers } from "./changed-numbers.ts";

const before = {
  generated_at: "2025-11-28T00:00:00Z",
  rules_version: "1",
  summary: { total_tasks: 150, completion_rate: null },
  by_master: [
    { master: "a", total: 1 },
    { master: "security-master", total: 2 },
  ],
  performance: { buckets: { fast: 1 } },
  inputs: [{ file: "silver/processed-tasks/20251127.parquet", rows: 2 }],
};

describe("changedNumbers", () => {
  it("matches the items of a list by their names and says what was and what is", () => {
    const after = {
      ...before,
      generated_at: "2025-11-29T00:00:00Z",
      summary: { total_tasks: 152, completion_rate: 50 },
      by_master: [
        { master: "security-master", total: 3 },
        { master: "b", total: 1 },
      ],
      inputs: [],
    };
    expect(changedNumbers("d", before, after)).toEqual([
      { document: "d", path: "summary.total_tasks", from: 150, to: 152 },
      { document: "d", path: "by_master[master=a].total", from: 1, to: null },
      { document: "d", path: "by_master[master=security-master].total", from: 2, to: 3 },
      { document: "d", path: "summary.completion_rate", from: null, to: 50 },
      { document: "d", path: "by_master[master=b].total", from: null, to: 1 },
    ]);
  });

  it("finds nothing where only the time, the inputs, the rules or the order differ", () => {
    const after = { ...before, generated_at: "x", rules_version: "2", inputs: [{ rows: 3 }] };
    expect(changedNumbers("d", before, { ...after, by_master: [...before.by_master].reverse() })).toEqual([]);
  });

  it("takes a document that was not there as one without numbers", () => {
    expect(changedNumbers("d", null, { total: 1 })).toEqual([{ document: "d", path: "total", from: null, to: 1 }]);
  });
});
