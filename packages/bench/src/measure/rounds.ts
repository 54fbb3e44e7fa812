import { BenchError } from "../errors.ts";
import { type Command, measure } from "./measure.ts";
import { type Sample, type Summary, summarize } from "./sample.ts";

/** Something that is measured beside others. */
export interface Contestant {
  readonly name: string;
  /** Makes everything ready that the measurement is not of, and says what to run. */
  readonly prepare: () => Promise<Command>;
  /** How often it is measured at most. Default: as often as the others. */
  readonly mostRuns?: number;
}

/**
 * Measures every contestant so many times (or as often as it allows), in turns, so that whatever else the machine does falls on all of them alike.
 *
 * @param onFailure is told of a contestant that fails, which is then left out; without it the failure is thrown
 * @returns the medians by name
 * @throws BenchError COMMAND_FAILED
 */
export async function measureInTurns(
  contestants: readonly Contestant[],
  repeat: number,
  onRun: (name: string, sample: Sample) => void,
  onFailure?: (name: string, error: BenchError) => void,
): Promise<Map<string, Summary>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (let turn = 0; turn < repeat; turn += 1) {
    for (const { name, prepare, mostRuns = repeat } of contestants) {
      const list = samples.get(name);
      if (list === undefined || list.length >= mostRuns) continue;
      try {
        const { sample } = await measure(await prepare());
        list.push(sample);
        onRun(name, sample);
      } catch (error) {
        if (onFailure === undefined || !(error instanceof BenchError)) throw error;
        samples.delete(name);
        onFailure(name, error);
      }
    }
  }
  return new Map([...samples].map(([name, list]) => [name, summarize(list)]));
}
