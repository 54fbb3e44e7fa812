import type { Summary } from "../measure/sample.ts";
import { SIZES, type Size } from "../options.ts";
import { judge, notMeasured, type Target } from "../report/results.ts";

const GIBIBYTE = 1024 ** 3;

const TARGETS: Readonly<Record<Size, string>> = {
  "100k": "at most 1 GiB (the target is for 10,000,000 records)",
  "1m": "at most 1 GiB (the target is for 10,000,000 records)",
  "10m": "at most 1 GiB",
  "30m": "at most 1 GiB, as with 10,000,000 records",
};

/** The peak memory of `run` at a size. */
export function peakOfRun(size: Size, summary: Summary | undefined): Target {
  const work = `peak memory of \`run\`, ${SIZES[size].toLocaleString("en-US")} records`;
  const target = TARGETS[size];
  const peak = summary?.peakBytes ?? null;
  if (peak === null) return notMeasured(work, target, "the machine does not say");
  return judge({ work, target, value: peak / GIBIBYTE, atMost: 1, unit: "GiB" });
}
