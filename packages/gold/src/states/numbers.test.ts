import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentilePlace, percentileSeconds } from "../exact.ts";
import { numbersOfStates } from "./numbers.ts";
import type { DayStates } from "./states.ts";
import { supersededStates } from "./superseded.ts";

interface TaskState {
  readonly id: string;
  readonly master: string;
  /** Bits of a state. */
  readonly outcome: number;
  readonly micros: number | null;
}

/** The states of one day, as the engine's rows give them. */
function statesOfDay(tasks: readonly TaskState[]): DayStates {
  const masters = [...new Set(tasks.map(({ master }) => master))].sort();
  const keyed = tasks
    .map((task) => ({ ...task, key: createHash("sha256").update(task.id).digest() }))
    .sort((a, b) => a.key.compare(b.key));
  const word = (index: number) => Uint32Array.from(keyed, ({ key }) => key.readUInt32BE(4 * index));
  return {
    masters,
    keys: [word(0), word(1), word(2), word(3)],
    micros: Float64Array.from(keyed, ({ micros }) => micros ?? Number.NaN),
    states: Uint32Array.from(keyed, ({ master, outcome }) => masters.indexOf(master) * 8 + outcome),
  };
}

const task = fc.record({
  id: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"),
  master: fc.constantFrom("m", "n", "__proto__"),
  outcome: fc.constantFrom(0, 1, 2, 4),
  micros: fc.option(
    fc.oneof(
      fc.constantFrom(0, 1, 29_999_999, 30_000_000, 60_000_000, 60_000_001, Number.MAX_SAFE_INTEGER),
      fc.maxSafeNat(),
      fc.nat({ max: 300 }),
    ),
  ),
});
const days = fc.array(fc.uniqueArray(task, { selector: ({ id }) => id, minLength: 1, maxLength: 12 }), {
  maxLength: 6,
});

describe("the numbers of states", () => {
  it("are those of slow arithmetic", () => {
    fc.assert(
      fc.property(days, (tasks) => {
        const names = tasks.map((_, index) => `2025120${index + 1}`);
        const { sum, daily, percentiles } = numbersOfStates(names, tasks.map(statesOfDay));
        const latest = [...new Map(tasks.flat().map((one) => [one.id, one])).values()];
        const sorted = latest.flatMap(({ micros }) => micros ?? []).sort((a, b) => a - b);
        expect(sum.all).toEqual({
          total: latest.length,
          completed: latest.filter(({ outcome }) => outcome === 1).length,
          failed: latest.filter(({ outcome }) => outcome === 2).length,
          cancelled: latest.filter(({ outcome }) => outcome === 4).length,
          durations: sorted.length,
          sum: sorted.reduce((total, micros) => total + BigInt(micros), 0n),
          min: sorted[0] === undefined ? null : BigInt(sorted[0]),
          max: sorted.length === 0 ? null : BigInt(sorted.at(-1) ?? 0),
          fast: sorted.filter((micros) => micros < 30_000_000).length,
          slow: sorted.filter((micros) => micros > 60_000_000).length,
        });
        for (const [master, { total }] of sum.masters) {
          expect(total).toBe(latest.filter((one) => one.master === master).length);
        }
        expect([...daily].map(([day, { total }]) => [day, total])).toEqual(
          names.map((name, index) => [name, tasks[index]?.length]),
        );
        for (const percent of [50, 95, 99] as const) {
          const { index, hundredths } = percentilePlace(percent, sorted.length);
          const at = (place: number) => BigInt(sorted[Math.min(place, sorted.length - 1)] ?? 0);
          const wanted = sorted.length === 0 ? null : percentileSeconds(at(index), at(index + 1), hundredths);
          expect(percentiles[percent]).toBe(wanted);
        }
      }),
    );
  });

  it("count a task of several days once, among many", () => {
    const many = [0, 1, 2].map((day) =>
      Array.from({ length: 10_000 }, (_, index) => ({
        id: `task-${day * 9_900 + index}`,
        master: "m",
        outcome: 1,
        micros: index,
      })),
    );
    const states = many.map(statesOfDay);
    const superseded = supersededStates(states).map((flags) => flags.reduce((sum, flag) => sum + flag, 0));
    expect(superseded).toEqual([100, 100, 0]);
    expect(numbersOfStates(["20251201", "20251202", "20251203"], states).sum.all.total).toBe(29_800);
  });

  it("tell apart keys that begin alike", () => {
    const day = (last: number): DayStates => ({
      masters: ["m"],
      keys: [Uint32Array.of(1), Uint32Array.of(2), Uint32Array.of(3), Uint32Array.of(last)],
      micros: Float64Array.of(1),
      states: Uint32Array.of(1),
    });
    expect(supersededStates([day(4), day(5), day(4)])).toEqual([Uint8Array.of(1), Uint8Array.of(0), Uint8Array.of(0)]);
  });
});
