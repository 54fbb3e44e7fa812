import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { measure } from "./measure.ts";
import { measureInTurns } from "./rounds.ts";
import { median, summarize } from "./sample.ts";
import { parseProcess, parseTime } from "./usage.ts";

describe("a measurement", () => {
  it("is of the command's own process, with what it printed", async () => {
    const script = "const kept = Buffer.alloc(64 * 1024 * 1024, 1); console.log(kept.length)";
    const { sample, stdout } = await measure({ words: [process.execPath, "-e", script] });
    expect(stdout).toBe("67108864\n");
    expect(sample.wallSeconds).toBeGreaterThan(0);
    if (sample.peakBytes !== null) expect(sample.peakBytes).toBeGreaterThan(64 * 1024 * 1024);
  });

  it("fails with what the command said when it fails", async () => {
    const script = "process.stderr.write('no such thing'); process.exit(3)";
    await expect(measure({ words: [process.execPath, "-e", script] })).rejects.toMatchObject({
      code: "COMMAND_FAILED",
      message: expect.stringContaining("no such thing"),
    });
  });

  it("lets the contestants take turns, and measures none more often than it allows", async () => {
    const order: string[] = [];
    const contestant = (name: string) => ({
      name,
      prepare: async () => ({ words: [process.execPath, "-e", "0"] as const }),
    });
    const contestants = [contestant("a"), { ...contestant("slow"), mostRuns: 1 }, contestant("b")];
    const summaries = await measureInTurns(contestants, 2, (name) => order.push(name));
    expect(order).toEqual(["a", "slow", "b", "a", "b"]);
    expect(summaries.get("b")?.runs).toHaveLength(2);
    expect(summaries.get("slow")?.runs).toHaveLength(1);
  });
});

describe("the median", () => {
  it("has as many values below as above", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
    expect(() => median([])).toThrow(expect.objectContaining({ code: "SAMPLES_MISSING" }));
  });

  it("leaves out what the machine did not say", () => {
    const samples = [
      { wallSeconds: 1, cpuSeconds: null, peakBytes: 10 },
      { wallSeconds: 3, cpuSeconds: null, peakBytes: null },
    ];
    expect(summarize(samples)).toEqual({ wallSeconds: 2, cpuSeconds: null, peakBytes: 10, runs: [1, 3] });
  });
});

describe("the usage of a process", () => {
  it("is read from the report of GNU time", () => {
    expect(parseTime("0.25 0.50 2048\n")).toEqual({ cpuSeconds: 0.75, peakBytes: 2_097_152 });
    expect(parseTime("Command exited with non-zero status 1\n")).toBeNull();
  });

  it("is read from what Linux says of it, whatever its name", () => {
    const stat = "7 (a) name) S 1 7 7 0 -1 4194304 1 2 3 4 150 50 30 20 20 0 1 0";
    expect(parseProcess(stat, "Name:\ta\nVmHWM:\t   1024 kB\n")).toEqual({ cpuSeconds: 2.5, peakBytes: 1_048_576 });
    expect(parseProcess(stat, "Name:\ta\n")).toBeNull();
  });
});

it("leaves a contestant out that fails, where that is allowed", async () => {
  const contestant = (name: string, code: number) => ({
    name,
    prepare: async () => ({ words: [process.execPath, "-e", `process.exit(${code})`] as const }),
  });
  const failed: string[] = [];
  const contestants = [contestant("good", 0), contestant("bad", 1)];
  const summaries = await measureInTurns(
    contestants,
    2,
    () => {},
    (name) => failed.push(name),
  );
  expect([...summaries.keys()]).toEqual(["good"]);
  expect(failed).toEqual(["bad"]);
  await expect(measureInTurns(contestants, 1, () => {})).rejects.toMatchObject({ code: "COMMAND_FAILED" });
});
