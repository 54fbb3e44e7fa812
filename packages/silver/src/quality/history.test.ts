import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { weekdayScores } from "./history.ts";
import { medianOf, robustScore } from "./robust-z.ts";

describe("robustScore", () => {
  it("is what the sorted values say", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 9 }), fc.nat(100), (history, value) => {
        const slowMedian = (values: readonly number[]) => {
          const below = (limit: number) => values.filter((item) => item <= limit).length;
          const low = Math.min(...values.filter((item) => 2 * below(item) >= values.length));
          const high = Math.min(...values.filter((item) => 2 * below(item) > values.length));
          return (low + high) / 2;
        };
        expect(medianOf(history)).toBe(slowMedian(history));
        const { median, score } = robustScore(value, history);
        const deviations = history.map((item) => Math.abs(item - median));
        const mad = slowMedian(deviations);
        const mean = deviations.reduce((sum, item) => sum + item, 0) / deviations.length;
        const scale = mad > 0 ? mad / 0.6745 : 1.253314 * mean;
        if (scale === 0) expect(score).toBeNull();
        else expect(score).toBeCloseTo((value - median) / scale, 9);
      }),
    );
  });
});

describe("weekdayScores", () => {
  const counts = (read: number, quarantined = 0) => ({ read, quarantined, duplicate: 0 });
  const before = new Map(
    ["20251120", "20251113", "20251106", "20251030"].map((day, index) => [day, counts(1000 + 10 * index)]),
  );
  const scores = (read: number, quarantined = 0, complete = true) =>
    weekdayScores("tasks", "20251127", complete, (day) =>
      day === "20251127" ? counts(read, quarantined) : (before.get(day) ?? null),
    );

  it("flags what is unusual for the weekday", () => {
    expect(scores(1015)[0]).toEqual({
      ...{ dataset: "tasks", measure: "volume", value: 1015, median: 1015, score: 0, days: 4, flagged: false },
    });
    expect(scores(500)[0]).toMatchObject({ flagged: true, score: expect.closeTo((0.6745 * -515) / 10, 1) });
    expect(scores(0).map(({ measure, flagged }) => [measure, flagged])).toEqual([["volume", true]]);
    expect(scores(1015, 5)[1]).toMatchObject({ measure: "quarantined", score: null, flagged: false });
    expect(scores(1015, 50)[1]).toMatchObject({ measure: "quarantined", score: null, flagged: true });
  });

  it("does not call a day that is not over too small, nor judges by three days", () => {
    expect(scores(500, 0, false)[0]?.flagged).toBe(false);
    expect(scores(5000, 0, false)[0]?.flagged).toBe(true);
    before.delete("20251030");
    expect(scores(500)).toEqual([]);
  });

  it("is asked about the first days of the calendar", () => {
    expect(weekdayScores("tasks", "00010101", true, () => counts(1))).toEqual([]);
  });
});
