import { BenchError } from "../errors.ts";

/** What one process and its children cost. */
export interface Sample {
  readonly wallSeconds: number;
  /** User and system time; null where the machine does not say. */
  readonly cpuSeconds: number | null;
  /** The largest resident size of any one process; null where the machine does not say. */
  readonly peakBytes: number | null;
}

/** The medians of several samples. */
export interface Summary extends Sample {
  /** The wall time of every run. */
  readonly runs: readonly number[];
}

/**
 * The median: of an even count, the mean of the two in the middle.
 * @throws BenchError SAMPLES_MISSING when there is no value
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (high === undefined || low === undefined) {
    throw new BenchError("SAMPLES_MISSING", "Expected at least one sample to take the median of, found none.");
  }
  return (low + high) / 2;
}

/** @throws BenchError SAMPLES_MISSING when there is no sample */
export function summarize(samples: readonly Sample[]): Summary {
  const known = (of: (sample: Sample) => number | null) => {
    const values = samples.map(of).filter((value) => value !== null);
    return values.length === 0 ? null : median(values);
  };
  const runs = samples.map((sample) => sample.wallSeconds);
  return {
    wallSeconds: median(runs),
    cpuSeconds: known((sample) => sample.cpuSeconds),
    peakBytes: known((sample) => sample.peakBytes),
    runs,
  };
}
