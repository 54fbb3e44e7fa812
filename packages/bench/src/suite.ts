import { growth } from "./benchmarks/growth.ts";
import { ingest } from "./benchmarks/ingest.ts";
import { kpis } from "./benchmarks/kpis.ts";
import { library } from "./benchmarks/library.ts";
import { run } from "./benchmarks/run.ts";
import { startup } from "./benchmarks/startup.ts";
import type { Benchmark } from "./options.ts";
import type { Findings } from "./report/results.ts";
import { emptyFolder, type Workplace } from "./workplace.ts";

const ALL: Readonly<Record<Benchmark, (place: Workplace) => Promise<Findings>>> = {
  startup,
  ingest,
  run,
  growth,
  library,
  kpis,
};

/**
 * Runs the benchmarks that were asked for, one after the other.
 * @throws BenchError COMMAND_FAILED
 */
export async function runSuite(place: Workplace): Promise<Findings> {
  const all: Findings[] = [];
  for (const name of place.options.only) {
    place.say(name);
    const folder = await emptyFolder(place, name);
    all.push(await ALL[name]({ ...place, folder }));
    await emptyFolder(place, name);
  }
  return {
    results: all.flatMap(({ results }) => results),
    targets: all.flatMap(({ targets }) => targets),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}
