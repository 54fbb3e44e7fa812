import { parseArgs } from "node:util";
import { BenchError } from "./errors.ts";

/** The numbers of records that the suite knows. */
export const SIZES = { "100k": 100_000, "1m": 1_000_000, "10m": 10_000_000, "30m": 30_000_000 } as const;
export type Size = keyof typeof SIZES;

/** The benchmarks, in the order in which they run. */
export const BENCHMARKS = ["startup", "ingest", "run", "growth", "library", "kpis"] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

/** What was asked for. */
export interface BenchOptions {
  readonly size: Size;
  readonly only: readonly Benchmark[];
  /** How often everything is measured. */
  readonly repeat: number;
  /** Only see that everything works; judge nothing but start-up and the run with nothing new. */
  readonly check: boolean;
  /** Also write the result into the README of the project. */
  readonly readme: boolean;
  readonly help: boolean;
}

export const USAGE = `Measures Medallion beside what people would use instead.

  npm run bench -- [--size 100k|1m|10m|30m] [--only <benchmark>[,…]] [--repeat 5] [--check | --readme]

  --size    how many records; 1m unless told
  --only    some of: ${BENCHMARKS.join(", ")}
  --repeat  how often everything is measured; the table has the medians; 5 unless told
  --check   see that everything works: nothing is installed, and only start-up and a run with nothing new are judged
  --readme  put the result into the README of the project, in place of the last one of that size
`;

const SIZE_NAMES = Object.keys(SIZES).filter(isSize);

function isSize(text: string): text is Size {
  return Object.hasOwn(SIZES, text);
}

function isBenchmark(text: string): text is Benchmark {
  return BENCHMARKS.some((name) => name === text);
}

/**
 * Reads the words of the command line.
 * @throws BenchError OPTION_INVALID
 */
export function parseOptions(words: readonly string[]): BenchOptions {
  const values = wordsOf(words);
  const size = values.size ?? "1m";
  if (!isSize(size)) throw invalid("--size", SIZE_NAMES.join(", "), size);
  const only = values.only?.split(",") ?? BENCHMARKS;
  const unknown = only.find((name) => !isBenchmark(name));
  if (unknown !== undefined) throw invalid("--only", `some of ${BENCHMARKS.join(", ")}`, unknown);
  const repeat = values.repeat ?? (values.check === true ? "1" : "5");
  if (!/^[1-9][0-9]?$/.test(repeat)) throw invalid("--repeat", "a number from 1 to 99", repeat);
  if (values.check === true && values.readme === true) throw invalid("--readme", "left out of a check", "--check");
  return {
    size,
    only: only.filter(isBenchmark),
    repeat: Number(repeat),
    check: values.check ?? false,
    readme: values.readme ?? false,
    help: values.help ?? false,
  };
}

function wordsOf(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        size: { type: "string" },
        only: { type: "string" },
        repeat: { type: "string" },
        check: { type: "boolean" },
        readme: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new BenchError("OPTION_INVALID", `${message}\n\n${USAGE}`, { cause });
  }
}

function invalid(option: string, expected: string, found: string): BenchError {
  return new BenchError("OPTION_INVALID", `Expected ${option} to be ${expected}, found ${JSON.stringify(found)}.`);
}
