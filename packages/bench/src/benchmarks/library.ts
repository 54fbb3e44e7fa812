import { z } from "zod";
import { newLake } from "../lakes.ts";
import { measure } from "../measure/measure.ts";
import { type Sample, summarize } from "../measure/sample.ts";
import { SIZES } from "../options.ts";
import { type Findings, judge, type Result, type Target } from "../report/results.ts";
import { program, teller, type Workplace } from "../workplace.ts";

const WAITING = 4_096;
const span = z.object({ startedAt: z.number(), endedAt: z.number() });
const SETTINGS = [
  { processes: 1, atLeast: 100_000 },
  { processes: 8, atLeast: 50_000 },
] as const;

/** How many events of 100 bytes a second the bronze library brings to disk. */
export async function library(place: Workplace): Promise<Findings> {
  const records = Math.min(SIZES[place.options.size], SIZES["1m"]);
  const results: Result[] = [];
  const targets: Target[] = [];
  for (const { processes, atLeast } of SETTINGS) {
    const tool = `bronze library, ${processes} ${processes === 1 ? "process" : "processes"}`;
    const samples: Sample[] = [];
    for (let turn = 0; turn < place.options.repeat; turn += 1) {
      const sample = await append(place, records, processes);
      samples.push(sample);
      teller(place, "library")(tool, sample);
    }
    const summary = summarize(samples);
    const note = "from the first record's start to the last one's acknowledgement";
    results.push({ ...summary, task: "append events", tool, beside: tool, records, note });
    targets.push(
      judge({
        work: `${tool}, 100-byte events`,
        target: `at least ${atLeast.toLocaleString("en-US")} acknowledged records a second, with fsync in groups`,
        value: records / summary.wallSeconds,
        atLeast,
        unit: "records/s",
      }),
    );
  }
  return { results, targets, skipped: [] };
}

async function append(place: Workplace, records: number, processes: number): Promise<Sample> {
  const lake = await newLake(place, "library");
  const share = String(Math.ceil(records / processes));
  const runs = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      measure({ words: program("workloads/append.js", lake, share, String(WAITING), `p${index}`) }),
    ),
  );
  const spans = runs.map(({ stdout }) => span.parse(JSON.parse(stdout)));
  const started = Math.min(...spans.map(({ startedAt }) => startedAt));
  const ended = Math.max(...spans.map(({ endedAt }) => endedAt));
  const cpu = runs.map(({ sample }) => sample.cpuSeconds);
  const peaks = runs.map(({ sample }) => sample.peakBytes).filter((peak) => peak !== null);
  return {
    wallSeconds: (ended - started) / 1000,
    cpuSeconds: cpu.includes(null) ? null : cpu.reduce((sum: number, seconds) => sum + (seconds ?? 0), 0),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
  };
}
