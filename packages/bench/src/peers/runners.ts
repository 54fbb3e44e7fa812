import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bronzeOf } from "../lakes.ts";
import type { Contestant } from "../measure/rounds.ts";
import { SIZES, type Size } from "../options.ts";
import type { Skipped } from "../report/results.ts";
import { emptyFolder, PACKAGE, program, type Workplace } from "../workplace.ts";
import { type Availability, findJq, findPolars, findPython } from "./tools.ts";

/** Another way to make silver and gold of a lake's bronze. */
export interface Peer {
  readonly name: string;
  /** The largest number of records that it is measured with. */
  readonly largest: number;
  /** What it does not do, for the reader to judge the numbers by. */
  readonly note: string | null;
  readonly contestant: (place: Workplace, lake: string) => Contestant;
}

export const DUCKDB = "DuckDB by hand";
export const JQ = "bash and jq";

/** What is compared with a bound of several times as much needs no median of many. */
const FEW_RUNS = 2;

const ALWAYS: readonly Peer[] = [
  {
    name: DUCKDB,
    largest: SIZES["10m"],
    note: "one SQL script, no checks",
    contestant: (place, lake) => runner(place, DUCKDB, (output) => program("peers/duckdb.js", bronzeOf(lake), output)),
  },
  {
    name: "Node and zod",
    largest: SIZES["1m"],
    note: "no Parquet",
    contestant: (place, lake) =>
      runner(place, "Node and zod", (output) => program("peers/node.js", bronzeOf(lake), output), FEW_RUNS),
  },
];

/** The peers that can be run here, up to a size, and those that cannot. */
export function findPeers(size: Size, install: boolean): { peers: Peer[]; skipped: Skipped[] } {
  const skipped: Skipped[] = [];
  const found = <T>(names: readonly string[], availability: Availability<T>, peersOf: (tool: T) => Peer[]): Peer[] => {
    if ("tool" in availability) return peersOf(availability.tool);
    skipped.push(...names.map((what) => ({ what, why: availability.why })));
    return [];
  };
  const jq = findJq();
  const optional = [
    ...found([JQ], jq === null ? { why: "bash or jq is not installed" } : { tool: jq }, () => [jqPeer]),
    ...found(["nodejs-polars"], findPolars(install), (folder) => [polarsPeer(folder)]),
    ...found(["pandas", "dbt-duckdb"], findPython(install), (programs) => [pandasPeer(programs), dbtPeer(programs)]),
  ];
  const largest = SIZES[size];
  const peers = [...ALWAYS, ...optional].filter((peer) => {
    const fits = peer.largest >= largest || peer === jqPeer;
    if (!fits)
      skipped.push({
        what: peer.name,
        why: `it is measured with at most ${peer.largest.toLocaleString("en-US")} records`,
      });
    return fits;
  });
  return { peers, skipped };
}

const jqPeer: Peer = {
  name: JQ,
  largest: SIZES["100k"],
  note: "no Parquet",
  contestant: (place, lake) => ({
    name: JQ,
    mostRuns: FEW_RUNS,
    prepare: async () => {
      const [file = ""] = await readdir(bronzeOf(lake));
      const output = await emptyFolder(place, "peer-output");
      return { words: ["bash", join(PACKAGE, "peers", "jq", "run.sh"), join(bronzeOf(lake), file), output] };
    },
  }),
};

function polarsPeer(folder: string): Peer {
  const name = "nodejs-polars";
  const script = join(PACKAGE, "peers", "polars", "run.mjs");
  return {
    name,
    largest: SIZES["1m"],
    note: "no checks, drops fields without a column",
    contestant: (place, lake) =>
      runner(place, name, (output) => [process.execPath, script, folder, bronzeOf(lake), output], FEW_RUNS),
  };
}

function pandasPeer(programs: string): Peer {
  const script = join(PACKAGE, "peers", "python", "pandas_run.py");
  return {
    name: "pandas",
    largest: SIZES["1m"],
    note: "no checks",
    contestant: (place, lake) =>
      runner(
        place,
        "pandas",
        (output) => [join(programs, "python"), "-W", "ignore", script, bronzeOf(lake), output],
        FEW_RUNS,
      ),
  };
}

function dbtPeer(programs: string): Peer {
  const project = join(PACKAGE, "peers", "dbt");
  return {
    name: "dbt-duckdb",
    largest: SIZES["1m"],
    note: "no checks, one document of all days",
    contestant: (place, lake) => ({
      name: "dbt-duckdb",
      mostRuns: FEW_RUNS,
      prepare: async () => {
        const output = await emptyFolder(place, "peer-output");
        const folders = ["--target-path", join(output, "target"), "--log-path", join(output, "logs")];
        return {
          words: [join(programs, "dbt"), "run", "--project-dir", project, "--profiles-dir", project, ...folders],
          env: { BENCH_BRONZE: bronzeOf(lake), BENCH_OUTPUT: output, DO_NOT_TRACK: "1" },
        };
      },
    }),
  };
}

function runner(
  place: Workplace,
  name: string,
  wordsOf: (output: string) => [string, ...string[]],
  mostRuns?: number,
): Contestant {
  const prepare = async () => ({ words: wordsOf(await emptyFolder(place, "peer-output")) });
  return { name, prepare, ...(mostRuns === undefined ? {} : { mostRuns }) };
}
