import fc from "fast-check";

/** Rows of a few tasks, which are often of several days, over the first `days` days and the first `seconds` seconds of each. */
export function anyTaskRow({ days, seconds }: { days: number; seconds: number }) {
  return fc.record({
    task_id: fc.constantFrom("a", "b", "c", "d", "e", "f", "ü'\\", "x y"),
    day: fc.integer({ min: 0, max: days - 1 }),
    second: fc.integer({ min: 0, max: seconds - 1 }),
    status: fc.constantFrom("completed", "completed", "failed", "cancelled", "queued"),
    master: fc.option(fc.constantFrom("m", "n", "__proto__")),
    type: fc.option(fc.constantFrom("development", "fix")),
    micros: fc.option(fc.oneof(fc.integer({ min: 0, max: 100_000_000 }), fc.integer({ min: 0, max: 2 ** 48 }))),
  });
}
