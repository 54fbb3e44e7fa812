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
  const micros = (state: TaskState) => state.micros ?? Number.POSITIVE_INFINITY;
  const timed = [...keyed].sort((a, b) => (micros(a) === micros(b) ? 0 : micros(a) - micros(b)));
  const placeOf = new Map(timed.map(({ id }, place) => [id, place]));
  return {
    masters,
    micros: Float64Array.from(timed, (state) => state.micros ?? Number.NaN),
    states: Uint32Array.from(timed, ({ master, outcome }) => masters.indexOf(master) * 8 + outcome),
    keys: [word(0), word(1), word(2), word(3)],
    places: Uint32Array.from(keyed, ({ id }) => placeOf.get(id) ?? 0),
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
        for (const [master, tally] of sum.masters) {
          const own = latest.filter((one) => one.master === master);
          const durations = own.flatMap(({ micros }) => micros ?? []);
          expect(tally.total).toBe(own.length);
          expect(tally.sum).toBe(durations.reduce((total, micros) => total + BigInt(micros), 0n));
          expect(tally.min).toBe(durations.length === 0 ? null : BigInt(Math.min(...durations)));
          expect(tally.max).toBe(durations.length === 0 ? null : BigInt(Math.max(...durations)));
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
    const [count, days, repeated, idUnit] = [90_000, 4, 100, 2 ** 20];
    /** Tasks that are numbered, whose keys are the number behind a word that a multiplication scatters. */
    const dayFrom = (start: number): DayStates => {
      const keyed = Float64Array.from({ length: count }, (_, index) => {
        return (Math.imul(start + index, 0x9e3779b1) >>> 0) * idUnit + start + index;
      }).sort();
      const ids = Uint32Array.from(keyed, (value) => value % idUnit);
      const none = new Uint32Array(count);
      return {
        masters: ["m"],
        micros: Float64Array.from(ids, (_, index) => index * 1000),
        states: new Uint32Array(count).fill(1),
        keys: [Uint32Array.from(keyed, (value) => Math.floor(value / idUnit)), ids, none, none],
        places: ids.map((id) => id - start),
      };
    };
    const many = Array.from({ length: days }, (_, day) => dayFrom(day * (count - repeated)));
    // The tasks of a day that take longest are there on the next day, too.
    const last = Array.from({ length: repeated }, (_, index) => count - repeated + index);
    supersededStates(many).forEach((flags, day) => {
      const places = [...flags].flatMap((flag, place) => (flag === 1 ? [place] : []));
      expect(places).toEqual(day === days - 1 ? [] : last);
    });
    const { sum, percentiles } = numbersOfStates(["20251201", "20251202", "20251203", "20251204"], many);
    expect(sum.all.total).toBe(days * count - (days - 1) * repeated);
    expect(percentiles).toEqual({ 50: 44.962, 95: 85.428, 99: 89.025 });
  });

  it("tell apart keys that begin alike", () => {
    const day = (last: number): DayStates => ({
      masters: ["m"],
      micros: Float64Array.of(1),
      states: Uint32Array.of(1),
      keys: [Uint32Array.of(1), Uint32Array.of(2), Uint32Array.of(3), Uint32Array.of(last)],
      places: Uint32Array.of(0),
    });
    expect(supersededStates([day(4), day(5), day(4)])).toEqual([Uint8Array.of(1), Uint8Array.of(0), Uint8Array.of(0)]);
  });
});
